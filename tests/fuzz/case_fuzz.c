/*
 * A case that somebody altered, through every command and screen that reads one. The schema stays
 * letter for letter ours, so that the case is opened; what stands in it is the fuzzer's.
 *
 * Input: a byte that chooses the commands, then changes of 12 bytes each. An odd first byte changes
 * bytes of the file; an even one writes a value (of any type, NOT NULL and CHECK notwithstanding)
 * into a column of a row.
 */
#include "cli/cli.h"
#include "screen/explorer.h"

#include "base/compiler.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHANGE_SIZE 12
#define MOST_CHANGES 32
#define MOST_TABLES 64

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/breachx-fuzz-XXXXXX";
static char base_path[64], case_path[64], keys_path[64], rows_path[64];
static char *base;
static size_t base_size;
static struct table {
	char name[64];
	char *sql;
	int columns;
} tables[MOST_TABLES];
static int table_count;

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "case_fuzz: %s\n", what);
	abort();
}

static void write_file(const char *path, const char *bytes, size_t length)
{
	FILE *out = fopen(path, "wb");
	check(out && fwrite(bytes, 1, length, out) == length && fclose(out) == 0, path);
}

#define RUN(...) run((char *[]){"breachx", __VA_ARGS__, NULL})
static void run(char **argv)
{
	int argc = 0, code = 0;
	while (argv[argc])
		argc++;
	if (!cli_main(argc, argv, explorer_options(), &code))
		code = explorer_main(argc, argv);
	check(code >= 0 && code <= 5, argv[1]);
	fflush(stdout);
}

static sqlite3 *open_base(const char *path)
{
	sqlite3 *database;
	sqlite3_hard_heap_limit64(0);
	check(sqlite3_open(path, &database) == SQLITE_OK, "open");
	sqlite3_exec(database,
		"PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; "
		"PRAGMA foreign_keys=OFF; PRAGMA writable_schema=ON",
		NULL, NULL, NULL);
	return database;
}

static void blank(char *from, size_t length)
{
	memset(from, ' ', length);
}

/* A table's statement without what keeps wrong values out, at the same length. */
static void loosen(char *sql)
{
	for (char *at; (at = strstr(sql, "NOT NULL"));)
		blank(at, 8);
	for (char *at; (at = strstr(sql, " CHECK"));) {
		char *end = strchr(at, '(');
		int depth = 0;
		do
			depth += (*end == '(') - (*end == ')');
		while (*end++ && depth > 0);
		blank(at, (size_t)(end - at));
	}
	char *strict = strstr(sql, ") STRICT");
	if (strict)
		blank(strict + 1, strict[8] == ',' ? 8 : 7);
}

static void set_schema(sqlite3 *database, bool loose)
{
	sqlite3_stmt *update;
	check(sqlite3_prepare_v2(database, "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2", -1,
		      &update, NULL) == SQLITE_OK,
		"schema");
	for (int i = 0; i < table_count; i++) {
		char *sql = strdup(tables[i].sql);
		check(sql != NULL, "memory");
		if (loose)
			loosen(sql);
		sqlite3_bind_text(update, 1, sql, -1, free);
		sqlite3_bind_text(update, 2, tables[i].name, -1, SQLITE_STATIC);
		check(sqlite3_step(update) == SQLITE_DONE, "schema");
		sqlite3_reset(update);
	}
	sqlite3_finalize(update);
}

static void read_tables(sqlite3 *database)
{
	sqlite3_stmt *select;
	check(sqlite3_prepare_v2(database,
		      "SELECT name, sql, (SELECT count(*) FROM pragma_table_info(s.name)) FROM "
		      "sqlite_schema s WHERE type = 'table' AND sql IS NOT NULL",
		      -1, &select, NULL) == SQLITE_OK,
		"tables");
	while (sqlite3_step(select) == SQLITE_ROW && table_count < MOST_TABLES) {
		struct table *table = &tables[table_count++];
		snprintf(table->name, sizeof table->name, "%s",
			(const char *)sqlite3_column_text(select, 0));
		table->sql = strdup((const char *)sqlite3_column_text(select, 1));
		table->columns = sqlite3_column_int(select, 2);
	}
	sqlite3_finalize(select);
}

static void import(const char *kind, const char *rows)
{
	write_file(rows_path, rows, strlen(rows));
	RUN("import", base_path, rows_path, "--kind", (char *)(uintptr_t)kind, "--format", "csv",
		"--zone", "UTC", "--set", "reviewer=fuzz");
}

static void remove_all(void)
{
	unlink(base_path);
	unlink(case_path);
	unlink(keys_path);
	unlink(rows_path);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char keys[] =
		"gh\nj\n<Enter>\n:wait\nP\nG\nq\nr\n:wait\n<Enter>\nq\ngs\n<Enter>\n:wait\nP\nq\n"
		"gt\nG\n:wait\np\n<Esc>\n]\n:wait\ngc\n<Enter>\ne\n:wait\ngm\n<Enter>\n:wait\n"
		"g/e.*r<Enter>\n:wait\n<Enter>\n&a<Enter>\n:wait\ngb\n/s<Enter>\n:frame\nQ\n";
	(void)argc;
	(void)argv;
	setenv("SOURCE_DATE_EPOCH", "1579478400", 1);
	check(mkdtemp(folder) != NULL, "no folder");
	atexit(remove_all);
	snprintf(base_path, sizeof base_path, "%s/base", folder);
	snprintf(case_path, sizeof case_path, "%s/case", folder);
	snprintf(keys_path, sizeof keys_path, "%s/keys", folder);
	snprintf(rows_path, sizeof rows_path, "%s/rows", folder);
	write_file(keys_path, keys, sizeof keys - 1);
	import("document",
		"key,title,publisher,body\nd,A report,P,\"He said so. They denied it.\"\n");
	import("site", "name,city\nhead office,Tokyo\n");
	import("host",
		"name,type,site,first_seen\nserver 1,server,head office,2019-06\nws,terminal,,\n");
	import("party", "name,type,role\nthe company,company,affected\n");
	import("statement",
		"document,speaker,gist,quote,said_on\nA report,P,so,He said so,2020-01-20\n");
	import("claim", "text,act,object\nit was taken,taken,data\n");
	import("event", "time,host,message\n2020-01-20T10:00:00Z,ws,logon\n2020-01-21,ws,logoff\n");
	import("link", "from,type,to\nhost:ws,belongs_to,party:the company\n");
	sqlite3 *database = open_base(base_path);
	read_tables(database);
	set_schema(database, true);
	sqlite3_close(database);
	database = open_base(base_path);
	check(sqlite3_exec(database, "PRAGMA page_size=512; VACUUM", NULL, NULL, NULL) == SQLITE_OK,
		"vacuum");
	sqlite3_close(database);
	FILE *in = fopen(base_path, "rb");
	check(in && fseek(in, 0, SEEK_END) == 0, "base");
	base_size = (size_t)ftell(in);
	base = malloc(base_size);
	rewind(in);
	check(base && fread(base, 1, base_size, in) == base_size, "base");
	fclose(in);
	return 0;
}

/* A value of any type: small and large numbers, text and bytes. */
static void bind_value(sqlite3_stmt *update, const uint8_t *change)
{
	static const int64_t numbers[] = {
		0, 1, -1, INT64_MAX, INT64_MIN, INT32_MAX, INT32_MIN, UINT32_MAX, 1000000, 4096};
	const char *bytes = (const char *)change + 4;
	int64_t number;
	memcpy(&number, bytes, sizeof number);
	switch (change[3] % 7) {
	case 0:
		sqlite3_bind_null(update, 1);
		break;
	case 1:
		sqlite3_bind_int64(update, 1, number);
		break;
	case 2:
		sqlite3_bind_int64(update, 1, numbers[(uint64_t)number % ARRAY_LENGTH(numbers)]);
		break;
	case 3:
		sqlite3_bind_double(update, 1, (double)number / 256);
		break;
	case 4:
		sqlite3_bind_blob(update, 1, bytes, change[3] / 7 % 9, SQLITE_STATIC);
		break;
	case 5:
		sqlite3_bind_text(update, 1, bytes, change[3] / 7 % 9, SQLITE_STATIC);
		break;
	default:
		sqlite3_bind_zeroblob(update, 1, 70000);
		break;
	}
}

static void change_value(sqlite3 *database, const uint8_t *change)
{
	const struct table *table = &tables[change[0] % table_count];
	char sql[512];
	sqlite3_stmt *columns, *update = NULL;
	snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE cid = %d",
		table->name, change[1] % table->columns);
	check(sqlite3_prepare_v2(database, sql, -1, &columns, NULL) == SQLITE_OK &&
			sqlite3_step(columns) == SQLITE_ROW,
		"column");
	/* All rows, where a table has no numbers for them. */
	snprintf(sql, sizeof sql, "UPDATE OR IGNORE \"%s\" SET \"%s\" = ?1 %s %d", table->name,
		(const char *)sqlite3_column_text(columns, 0),
		strstr(table->sql, "WITHOUT ROWID") ? "--" : "WHERE rowid =", change[2] % 16);
	sqlite3_finalize(columns);
	if (sqlite3_prepare_v2(database, sql, -1, &update, NULL) == SQLITE_OK) {
		bind_value(update, change);
		sqlite3_step(update);
	}
	sqlite3_finalize(update);
}

static void make_case(bool values, const uint8_t *changes, size_t count)
{
	char *bytes = malloc(base_size);
	check(bytes != NULL, "memory");
	memcpy(bytes, base, base_size);
	write_file(case_path, bytes, base_size);
	sqlite3 *database = open_base(case_path);
	for (size_t i = 0; i < count && values; i++)
		change_value(database, changes + i * CHANGE_SIZE);
	set_schema(database, false);
	sqlite3_close(database);
	free(bytes);
	int file = open(case_path, O_RDWR | O_CLOEXEC);
	check(file >= 0, "case");
	for (size_t i = 0; i < count && !values; i++) {
		const uint8_t *change = changes + i * CHANGE_SIZE;
		uint32_t at;
		memcpy(&at, change, sizeof at);
		off_t place = (off_t)(at % base_size);
		check(pwrite(file, change + 5, change[4] % 7 + 1U, place) > 0, "change");
	}
	close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {
		"host", "site", "party", "document", "statement", "claim", "event", "incident"};
	if (size < 1 + CHANGE_SIZE)
		return 0;
	size_t count = (size - 1) / CHANGE_SIZE;
	make_case(data[0] % 2 == 0, data + 1, count < MOST_CHANGES ? count : MOST_CHANGES);
	char *kind = (char *)(uintptr_t)kinds[data[0] / 2 % ARRAY_LENGTH(kinds)];
	char record[32];
	snprintf(record, sizeof record, "%s:1", kind);
	RUN("info", case_path);
	RUN("list", case_path, kind, "--format", data[0] % 4 < 2 ? "json" : "csv");
	RUN("show", case_path, record);
	RUN("search", case_path, "e.*r|^.", "--json");
	RUN("verify", case_path);
	RUN("--script", keys_path, "--size", "80x24", case_path);
	RUN("undo-import", case_path, "3", "--by", "fuzz");
	RUN("import", case_path, rows_path, "--kind", "link", "--zone", "UTC");
	return 0;
}
