/*
 * Case files that were altered, by the number, through everything that reads a case and what writes
 * to it: under sanitizers, in a process of its own each.
 *
 *	mutate KEEP SEED FIRST LAST WORKERS CASE...
 *
 * Case number n is one of CASE, changed as SEED and n say; numbers FIRST to LAST are tried. Each is
 * either refused with one clear sentence and a code of DESIGN section 7, or read. Bad is: a crash,
 *a sanitizer's report, more than 10 s of the processor or a minute of the clock, more than 256 MB,
 *a byte of the case that was changed by reading, a file left beside it, a file that a journal named
 * and that is gone, another exit code, a line that is not fit for a terminal. Bad ones are kept in
 * KEEP with what was said.
 */
#include "mutation.h"

#include "base/compiler.h"
#include "base/text.h"
#include "casefile/case.h"
#include "casefile/link.h"
#include "casefile/listing.h"
#include "cli/cli.h"
#include "report/records.h"
#include "screen/explorer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_SECONDS 10
#define MOST_CLOCK 60
#define MOST_MEMORY_KB (256L * 1024)
#define MOST_SEEDS 16
#define MOST_WORKERS 16
#define CODES 6
/* Of the cases: written to, too; through the explorer; asked for leaks. */
#define WRITTEN 4
#define EXPLORED 10
#define LEAKS 16

#if defined __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1:quarantine_size_mb=16:malloc_context_size=4:detect_leaks=1:leak_"
	       "check_at_exit=0";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}
static bool leaks(void)
{
	return __lsan_do_recoverable_leak_check() != 0;
}
#else
static bool leaks(void)
{
	return false;
}
#endif

/* What a child tells, in memory that both see. */
struct told {
	char doing[64];
	char wrong[400];
	bool refused;
	int verified; /* exit code of verify */
};

struct tally {
	long injected, refused, read, bad, verified[CODES];
	struct told told;
};

struct worker {
	const char *keep;
	uint64_t seed;
	long number;
	struct image *seeds;
	char **names;
	size_t seed_count;
	struct tally *tally;
	char folder[256]; /* its own, and its working folder */
	char victim[300];
	char what[400];
	const char *name;   /* of the seed */
	struct image image; /* the changed one */
};

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "mutate: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_file(const char *path, const void *bytes, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	check(file >= 0 && write(file, bytes, length) == (ssize_t)length, path);
	close(file);
}

static bool same_file(const char *path, const uint8_t *bytes, size_t length)
{
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0 || (size_t)status.st_size != length) {
		if (file >= 0)
			close(file);
		return false;
	}
	const void *there =
		length ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
	close(file);
	bool same = length == 0 || (there != MAP_FAILED && memcmp(there, bytes, length) == 0);
	if (there != MAP_FAILED)
		munmap((void *)(uintptr_t)there, length);
	return same;
}

/* ---- in the child ---- */

static void wrong(struct told *told, const char *format, ...) PRINTF_LIKE(2, 3);
static void wrong(struct told *told, const char *format, ...)
{
	va_list arguments;
	if (told->wrong[0])
		return;
	va_start(arguments, format);
	vsnprintf(told->wrong, sizeof told->wrong, format, arguments);
	va_end(arguments);
}

/* What was written since the last call, to be freed. */
static char *take_output(int file, size_t *length)
{
	off_t size = lseek(file, 0, SEEK_END);
	char *text = malloc((size_t)size + 1);
	check(text && pread(file, text, (size_t)size, 0) == (ssize_t)size, "output");
	text[size] = '\0';
	*length = (size_t)size;
	check(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0, "output");
	return text;
}

/* Each line as text that is made visible-safe would be: once more changes nothing. */
static bool fit_for_terminal(const char *text, size_t length)
{
	struct buffer shown = {0};
	bool fit = true;
	while (length > 0 && fit) {
		const char *end = memchr(text, '\n', length);
		size_t line = end ? (size_t)(end - text) : length;
		buffer_clear(&shown);
		text_visible(&shown, span_of(text, line), false);
		fit = !buffer_failed(&shown) && shown.length == line &&
		      memcmp(shown.data, text, line) == 0;
		length -= line + (end != NULL);
		text += line + (end != NULL);
	}
	buffer_free(&shown);
	return fit;
}

/* What is said are whole lines; a refusal ends in one that begins with the program's name. */
static void check_said(struct told *told, int code, const char *said, size_t length)
{
	size_t lines = 0;
	const char *last = "";
	for (const char *at = said; *at; lines++) {
		const char *end = strchr(at, '\n');
		last = at;
		if (!end || end - at < 20) {
			wrong(told, "%s said: %.100s", told->doing, at);
			break;
		}
		at = end + 1;
	}
	if (!fit_for_terminal(said, length))
		wrong(told, "%s: stderr is not fit for a terminal", told->doing);
	if (code == 3 && (lines > 3 || strncmp(last, "breachx: ", 9) != 0))
		wrong(told, "%s refused in %zu lines: %.200s", told->doing, lines, said);
}

static int run(struct told *told, const char *codes, char **argv)
{
	int argc = 0, code = 0;
	size_t length;
	while (argv[argc])
		argc++;
	snprintf(told->doing, sizeof told->doing, "%s %s", argv[1], argc > 3 ? argv[3] : "");
	if (!cli_main(argc, argv, explorer_options(), &code))
		code = explorer_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	char *out = take_output(STDOUT_FILENO, &length);
	/* A frame has colours, and CSV in a pipe is exact bytes. */
	if (strcmp(argv[1], "--script") != 0 && strcmp(argv[argc - 1], "csv") != 0 &&
		!fit_for_terminal(out, length))
		wrong(told, "%s: stdout is not fit for a terminal", told->doing);
	free(out);
	char *said = take_output(STDERR_FILENO, &length);
	if (code < 0 || code > 9 || !strchr(codes, '0' + code))
		wrong(told, "%s ended with %d: %.200s", told->doing, code, said);
	check_said(told, code, said, length);
	free(said);
	told->refused |= code == 3;
	return code;
}
#define RUN(codes, ...) run(told, codes, (char *[]){"breachx", __VA_ARGS__, NULL})

/* Every record of a kind, as the screen and the command line read them. */
static bool read_kind(
	struct case_file *file, struct record_reader *reader, enum kind kind, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	struct listing *listing = listing_open(file, kind, info->sort_field, false, error);
	struct report_sources sources = {.file = file};
	struct csv_extras extras = {0};
	struct record record = {0};
	struct buffer line = {0};
	int64_t id, count = 0;
	int more = listing ? 1 : -1;
	while (more > 0 && (more = listing_next(listing, &id, error)) > 0) {
		enum record_result found = record_read(reader, kind, id, &record, error);
		struct related_list related = {0};
		if (found == RECORD_FAILED ||
			(found == RECORD_FOUND &&
				!report_record(&line, count % 2 ? REPORT_TABLE : REPORT_JSON,
					&sources, &extras, &record, error)) ||
			(count < 3 && !link_related(file, (struct record_id){kind, id}, 100,
					      &related, error)))
			more = -1;
		related_list_free(&related);
		buffer_clear(&line);
		count++;
	}
	buffer_free(&line);
	record_free(&record);
	report_sources_free(&sources);
	listing_close(listing);
	return more == 0;
}

/* Opens the case once and lists each kind. */
static void read_all(struct told *told)
{
	struct error error = {0};
	snprintf(told->doing, sizeof told->doing, "open");
	struct case_file *file =
		case_open("case.breach", &(struct case_options){.mode = CASE_READ}, &error);
	struct record_reader *reader = file ? record_reader_open(file, &error) : NULL;
	bool good = reader != NULL;
	for (int kind = KIND_NONE + 1; file && reader && kind < KIND_COUNT; kind++) {
		snprintf(told->doing, sizeof told->doing, "list %s",
			kind_info((enum kind)kind)->name);
		good &= read_kind(file, reader, (enum kind)kind, &error);
	}
	record_reader_close(reader);
	case_close(file);
	if (good)
		return;
	told->refused = true;
	if (strlen(error.message) < 10 || error.code == ERROR_NONE)
		wrong(told, "%s failed without a word", told->doing);
}

/* What reads and was not asked yet, one of it. */
static void read_some(struct told *told, struct chance *chance)
{
	const struct kind_info *kind =
		kind_info((enum kind)(KIND_NONE + 1 + (int)chance_below(chance, KIND_COUNT - 1)));
	char *name = (char *)(uintptr_t)kind->name, record[64];
	snprintf(record, sizeof record, "%s:%zu", name, 1 + chance_below(chance, 40));
	switch (chance_below(chance, 6)) {
	case 0:
		RUN("03", "info", "case.breach", "--json");
		break;
	case 1:
		RUN("034", "list", "case.breach", name, "--where", "any ~ /e/", "--format", "csv");
		break;
	case 2:
		RUN("034", "list", "case.breach", name, "--sort", "-id", "--limit", "9");
		break;
	case 3:
		RUN("034", "show", "case.breach", record);
		break;
	case 4:
		RUN("034", "show", "case.breach", record, "--json");
		break;
	default:
		RUN("034", "new", "made.breach", "--from", "case.breach");
		unlink("made.breach");
		break;
	}
}

static void read_case(struct worker *worker, struct told *told, struct chance *chance)
{
	static const char *const patterns[] = {".", "e.*r", "\\d{5}", "powershell|said", "^.$"};
	char *pattern = (char *)(uintptr_t)patterns[chance_below(chance, ARRAY_LENGTH(patterns))];
	(void)worker;
	told->verified = RUN("0135", "verify", "case.breach");
	read_all(told);
	RUN("0134", "search", "case.breach", pattern, "--json", "-i");
	read_some(told, chance);
	if (chance_below(chance, EXPLORED) == 0)
		RUN("03", "--script", "../keys", "--size", "80x24", "case.breach");
}

static void write_case(struct worker *worker, struct told *told, struct chance *chance)
{
	(void)worker;
	told->refused = false;
	if (chance_below(chance, 2))
		RUN("01345", "import", "case.breach", "../rows.csv", "--kind", "host", "--recover");
	else
		RUN("01345", "undo-import", "case.breach", "1", "--by", "me", "--recover");
	RUN("0135", "verify", "case.breach");
}

static void begin_child(void)
{
	setrlimit(RLIMIT_CPU, &(struct rlimit){MOST_SECONDS, MOST_SECONDS + 1});
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	alarm(MOST_CLOCK);
	int nothing = open("/dev/null", O_RDONLY);
	int out = open("../out", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
	int said = open("../said", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
	check(nothing >= 0 && out >= 0 && said >= 0, "output");
	dup2(nothing, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
}

/* ---- in the parent ---- */

/* What a migration leaves, on purpose. */
#define OLD_CASE "case.breach.schema-"

/* Names beside the case, but for the journal that was put there, and what writing may leave. */
static void check_folder(struct told *told, const char *folder, bool side, bool written)
{
	DIR *entries = opendir(folder);
	check(entries != NULL, folder);
	for (struct dirent *entry; (entry = readdir(entries));) {
		const char *name = entry->d_name;
		if (name[0] != '.' && strcmp(name, "case.breach") != 0 &&
			!(written && strncmp(name, OLD_CASE, strlen(OLD_CASE)) == 0) &&
			!(side && strcmp(name, "case.breach-journal") == 0))
			wrong(told, "%s lies in %s afterwards", name, folder);
	}
	closedir(entries);
}

static void run_child(struct worker *worker, const char *doing,
	void (*act)(struct worker *worker, struct told *told, struct chance *chance),
	struct chance *chance)
{
	struct told *told = &worker->tally->told;
	struct rusage used;
	int status;
	fflush(stdout);
	pid_t child = fork();
	check(child >= 0, "fork");
	if (child == 0) {
		begin_child();
		act(worker, told, chance);
		if (worker->number % LEAKS == 0 && leaks())
			wrong(told, "memory that leaks");
		_exit(0);
	}
	check(wait4(child, &status, 0, &used) == child, "wait");
	if (WIFSIGNALED(status))
		wrong(told, "%s: ended by signal %d (%s) in: %s", doing, WTERMSIG(status),
			strsignal(WTERMSIG(status)), told->doing);
	else if (WEXITSTATUS(status) != 0)
		wrong(told, "%s: the process ended with %d in: %s", doing, WEXITSTATUS(status),
			told->doing);
	if (used.ru_maxrss > MOST_MEMORY_KB)
		wrong(told, "%s: took %ld MB", doing, used.ru_maxrss / 1024);
}

static void copy_whole(const char *from, const char *to)
{
	size_t size = 0;
	char *bytes = NULL;
	FILE *in = fopen(from, "rb");
	if (!in)
		return;
	fseek(in, 0, SEEK_END);
	size = (size_t)ftell(in);
	rewind(in);
	bytes = malloc(size + 1);
	if (bytes && fread(bytes, 1, size, in) == size)
		write_file(to, bytes, size);
	free(bytes);
	fclose(in);
}

static void keep_bad(struct worker *worker)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%lu-%ld.said", worker->keep, (unsigned long)worker->seed,
		worker->number);
	copy_whole("../said", path);
	snprintf(path, sizeof path, "%s/%lu-%ld.breach-journal", worker->keep,
		(unsigned long)worker->seed, worker->number);
	if (worker->image.side_size > 0)
		write_file(path, worker->image.side, worker->image.side_size);
	*strrchr(path, '-') = '\0';
	write_file(path, worker->image.bytes, worker->image.size);
	printf("BAD: seed %lu, case %ld, %s, %s: %s (%s)\n", (unsigned long)worker->seed,
		worker->number, worker->name, worker->what, worker->tally->told.wrong, path);
	fflush(stdout);
}

/* A copy of a seed, to be changed. */
static void take_seed(struct worker *worker, const struct image *seed)
{
	struct image *image = &worker->image;
	uint8_t *bytes = image->bytes, *side = image->side;
	*image = *seed;
	image->bytes = bytes;
	image->side = side;
	memcpy(image->bytes, seed->bytes, seed->room + 64);
	memcpy(image->side, seed->side, seed->side_size + 64);
}

static void empty_folder(const char *folder)
{
	DIR *entries = opendir(folder);
	char path[600];
	if (!entries)
		return;
	for (struct dirent *entry; (entry = readdir(entries));) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlink(path) != 0) {
			empty_folder(path);
			rmdir(path);
		}
	}
	closedir(entries);
}

static void put_case(const struct worker *worker)
{
	empty_folder(".");
	empty_folder("../tmp");
	write_file("case.breach", worker->image.bytes, worker->image.size);
	if (worker->image.side_size > 0)
		write_file("case.breach-journal", worker->image.side, worker->image.side_size);
	write_file(worker->victim, "not yours", 9);
}

static void try_case(struct worker *worker)
{
	struct told *told = &worker->tally->told;
	struct chance chance = {worker->seed * 0x100000001b3U + (uint64_t)worker->number};
	size_t which = chance_below(&chance, worker->seed_count);
	*told = (struct told){0};
	worker->name = worker->names[which];
	take_seed(worker, &worker->seeds[which]);
	image_mutate(&worker->image, &chance, worker->victim, worker->what, sizeof worker->what);
	put_case(worker);
	run_child(worker, "reading", read_case, &chance);
	bool refused = told->refused;
	if (!same_file("case.breach", worker->image.bytes, worker->image.size))
		wrong(told, "reading changed the case");
	if (worker->image.side_size > 0 &&
		!same_file("case.breach-journal", worker->image.side, worker->image.side_size))
		wrong(told, "reading changed the journal beside the case");
	check_folder(told, ".", worker->image.side_size > 0, false);
	check_folder(told, "../tmp", false, false);
	if (!told->wrong[0] && chance_below(&chance, WRITTEN) == 0) {
		run_child(worker, "writing", write_case, &chance);
		/* What was refused leaves the journal, too. */
		check_folder(told, ".", told->refused, true);
		check_folder(told, "../tmp", false, false);
	}
	if (access(worker->victim, F_OK) != 0)
		wrong(told, "a file that the journal named is gone");
	worker->tally->injected++;
	worker->tally->refused += refused && !told->wrong[0];
	worker->tally->read += !refused && !told->wrong[0];
	worker->tally->bad += told->wrong[0] != '\0';
	if (told->verified >= 0 && told->verified < CODES)
		worker->tally->verified[told->verified]++;
	if (told->wrong[0])
		keep_bad(worker);
}

/* FOLDER/tmp for private copies, FOLDER/case for the case and what lies beside it. */
static void begin_worker(struct worker *worker)
{
	static const char keys[] =
		"gh\nj\n<Enter>\n:wait\nP\nG\nq\nr\n:wait\n<Enter>\nq\ngs\n<Enter>\n:wait\nP\nq\n"
		"gt\nG\n:wait\np\n<Esc>\n]\n:wait\ngc\n<Enter>\ne\n:wait\ngm\n<Enter>\n:wait\n"
		"g/e.*r<Enter>\n:wait\n<Enter>\n&a<Enter>\n:wait\ngb\n/s<Enter>\n:frame\nQ\n";
	static const char rows[] = "name,type\nnew machine,server\nserver 1,terminal\n";
	const char *base = getenv("TMPDIR");
	char path[300];
	size_t room = 0, side_room = 0;
	snprintf(worker->folder, sizeof worker->folder, "%s/breachx-mutate-XXXXXX",
		base ? base : "/tmp");
	check(mkdtemp(worker->folder) != NULL && chdir(worker->folder) == 0, worker->folder);
	write_file("keys", keys, sizeof keys - 1);
	write_file("rows.csv", rows, sizeof rows - 1);
	check(mkdir("tmp", 0700) == 0 && mkdir("case", 0700) == 0 && chdir("case") == 0, "folder");
	snprintf(path, sizeof path, "%s/tmp", worker->folder);
	setenv("TMPDIR", path, 1);
	snprintf(worker->victim, sizeof worker->victim, "%s/victim", worker->folder);
	for (size_t i = 0; i < worker->seed_count; i++) {
		room = worker->seeds[i].room > room ? worker->seeds[i].room : room;
		if (worker->seeds[i].side_room > side_room)
			side_room = worker->seeds[i].side_room;
	}
	worker->image.bytes = malloc(room + 64);
	worker->image.side = malloc(side_room + 64);
	check(worker->image.bytes && worker->image.side, "memory");
}

int main(int argc, char **argv)
{
	static struct image seeds[MOST_SEEDS];
	char keep[4096];
	if (argc < 7 || argc - 6 > MOST_SEEDS || !realpath(argv[1], keep)) {
		fprintf(stderr, "usage: mutate KEEP SEED FIRST LAST WORKERS CASE...\n");
		return 2;
	}
	long first = atol(argv[3]), last = atol(argv[4]);
	int workers = atoi(argv[5]);
	workers = workers < 1 ? 1 : workers > MOST_WORKERS ? MOST_WORKERS : workers;
	struct worker worker = {.keep = keep,
		.seed = strtoull(argv[2], NULL, 10),
		.seeds = seeds,
		.names = argv + 6,
		.seed_count = (size_t)argc - 6};
	for (size_t i = 0; i < worker.seed_count; i++)
		if (!image_read(&seeds[i], argv[6 + i]))
			return 2;
	struct tally *tallies = mmap(NULL, MOST_WORKERS * sizeof *tallies, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(tallies != MAP_FAILED, "memory");
	setenv("SOURCE_DATE_EPOCH", "1579478400", 1);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < workers; i++) {
		worker.tally = &tallies[i];
		if (fork() != 0)
			continue;
		begin_worker(&worker);
		for (worker.number = first + i; worker.number <= last; worker.number += workers)
			try_case(&worker);
		empty_folder(worker.folder);
		rmdir(worker.folder);
		_exit(0);
	}
	struct tally all = {0};
	int status, failed = 0;
	while (wait(&status) > 0)
		failed |= status;
	for (int i = 0; i < workers; i++) {
		all.injected += tallies[i].injected;
		all.refused += tallies[i].refused;
		all.read += tallies[i].read;
		all.bad += tallies[i].bad;
		for (int code = 0; code < CODES; code++)
			all.verified[code] += tallies[i].verified[code];
	}
	printf("mutated cases: seed %s: %ld injected, %ld refused, %ld read, %ld bad; verify ended "
	       "with 0: %ld, 3: %ld, 5: %ld\n",
		argv[2], all.injected, all.refused, all.read, all.bad, all.verified[0],
		all.verified[3], all.verified[5]);
	for (size_t i = 0; i < worker.seed_count; i++)
		image_free(&seeds[i]);
	return failed || all.bad > 0 || all.injected != last - first + 1;
}
