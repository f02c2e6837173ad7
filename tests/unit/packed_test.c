/* Sources that lie packed: read, verified and found there as if somebody had unpacked them, and
 * nothing else taken for them. */
#include "case_place.h"

#include "base/unpack.h"
#include "casefile/attach.h"
#include "casefile/source.h"
#include "casefile/verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <minizip/zip.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* Several of the chunks that are read at once. */
#define LENGTH ((size_t)900 * 1000)

enum form { PLAIN, GZIP, ZSTD, ZIP };

/* Lines that do not pack too well. */
static char *make_text(unsigned seed)
{
	char *text = malloc(LENGTH + 1);
	assert_non_null(text);
	for (size_t at = 0; at < LENGTH; at++) {
		seed = seed * 1103515245 + 12345;
		text[at] = at % 50 == 49 ? '\n' : (char)('a' + (seed >> 16) % 16);
	}
	return text;
}

static void write_zip(const char *path, const char *member, const char *text, size_t length)
{
	zipFile zip = zipOpen(path, APPEND_STATUS_CREATE);
	assert_non_null(zip);
	const char *const names[] = {"first.txt", member};
	for (int i = 0; i < 2; i++) {
		assert_int_equal(zipOpenNewFileInZip(zip, names[i], NULL, NULL, 0, NULL, 0, NULL,
					 Z_DEFLATED, 1),
			ZIP_OK);
		assert_int_equal(
			zipWriteInFileInZip(zip, i ? text : "one", i ? (unsigned)length : 3),
			ZIP_OK);
		assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
	}
	assert_int_equal(zipClose(zip, NULL), ZIP_OK);
}

static void write_packed(enum form form, const char *path, const char *text, size_t length)
{
	if (form == PLAIN) {
		place_write(path, text, length);
	} else if (form == GZIP) {
		gzFile out = gzopen(path, "wb1");
		assert_non_null(out);
		assert_int_equal(gzwrite(out, text, (unsigned)length), length);
		assert_int_equal(gzclose(out), Z_OK);
	} else if (form == ZSTD) {
		size_t room = ZSTD_compressBound(length);
		char *packed = malloc(room);
		assert_non_null(packed);
		place_write(path, packed, ZSTD_compress(packed, room, text, length, 1));
		free(packed);
	} else {
		write_zip(path, "logs/a.csv", text, length);
	}
}

static void add_source(
	const struct case_file *file, int64_t id, const char *text, int64_t size, const char *path)
{
	struct error error = {0};
	struct hash hash;
	uint8_t digest[HASH_SIZE];
	hash_begin(&hash);
	hash_add(&hash, text, LENGTH);
	hash_end(&hash, digest);
	struct statement *insert = statement_open_text(file,
		"INSERT INTO source(id, name, size, sha256, format, importer, options, imported,"
		" state, path, taken) VALUES(?1, 'a.csv', ?2, ?3, 'csv', 'csv 1', '', 7, 'ready',"
		" ?4, 3)",
		&error);
	assert_non_null(insert);
	statement_bind_int(insert, 1, id);
	statement_bind_int(insert, 2, size);
	statement_bind_blob(insert, 3, span_of((const char *)digest, HASH_SIZE));
	statement_bind_text(insert, 4, span_string(path));
	assert_true(statement_run(insert, &error));
	statement_close(insert);
}

/* A case, and one source in it whose bytes lie in `a`, which is `path`. */
struct scene {
	struct case_file *file;
	char *text;
	char path[160];
};

static void scene_open(void **state, enum form form, struct scene *scene)
{
	char stored[200];
	scene->file = place_open(*state, CASE_CREATE);
	scene->text = make_text(1);
	place_file(*state, "a", scene->path);
	write_packed(form, scene->path, scene->text, LENGTH);
	snprintf(stored, sizeof stored, "a%s", form == ZIP ? "//logs/a.csv" : "");
	add_source(scene->file, 1, scene->text, LENGTH, stored);
}

static void scene_close(void **state, struct scene *scene)
{
	case_close(scene->file);
	free(scene->text);
	assert_int_equal(unlink(((struct place *)*state)->path), 0);
	unlink(scene->path);
}

/* Files that this process has open and that have no name. */
static int unlinked_files(void)
{
	DIR *list = opendir("/proc/self/fd");
	int count = 0;
	struct stat status;
	assert_non_null(list);
	for (struct dirent *entry; (entry = readdir(list));) {
		int descriptor = entry->d_name[0] == '.' ? -1 : atoi(entry->d_name);
		if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
			status.st_nlink > 0)
			continue;
		assert_int_equal(status.st_mode & 0777, 0600);
		count++;
	}
	closedir(list);
	return count;
}

struct counting {
	int calls, most;
	int64_t bytes;
};

static bool count_calls(void *context, int64_t bytes)
{
	struct counting *counting = context;
	counting->bytes = bytes;
	return ++counting->calls <= counting->most;
}

/* Reads a stretch and holds it against the text. */
static enum error_code read_at(const struct scene *scene, uint64_t start, struct counting *counting,
	char message[ERROR_MESSAGE_SIZE])
{
	struct error error = {0};
	struct buffer bytes = {0};
	struct counting none = {.most = 1000};
	const struct source_progress progress = {count_calls, counting ? counting : &none};
	bool done = source_bytes(scene->file, 1, start, start + 50, &progress, &bytes, &error);
	if (done)
		assert_true(span_equal(buffer_span(&bytes), span_of(scene->text + start, 50)));
	else if (message)
		snprintf(message, ERROR_MESSAGE_SIZE, "%s", error.message);
	buffer_free(&bytes);
	return done ? ERROR_NONE : error.code;
}

struct verdict {
	struct verify_result result;
	char said[2000];
};

static void take_finding(void *context, const struct verify_finding *finding)
{
	struct verdict *verdict = context;
	size_t length = strlen(verdict->said);
	snprintf(verdict->said + length, sizeof verdict->said - length, "%s\n", finding->message);
}

/* 1: its source agrees, 0: it is not at hand, -1: it does not agree. */
static int verified(const struct scene *scene, struct verdict *verdict)
{
	struct error error = {0};
	struct verdict unwanted;
	verdict = verdict ? verdict : &unwanted;
	*verdict = (struct verdict){0};
	struct verify_options options = {.found = take_finding, .context = verdict};
	assert_true(verify_case(scene->file, &options, &verdict->result, &error));
	return verdict->result.errors ? -1 : (int)verdict->result.sources;
}

static void any_bytes_are_read(void **state)
{
	static const enum form forms[] = {PLAIN, GZIP, ZSTD, ZIP};
	for (size_t i = 0; i < 4; i++) {
		struct scene scene;
		struct counting counting = {.most = 1000}, none = {0};
		scene_open(state, forms[i], &scene);
		assert_int_equal(unlinked_files(), 0);
		assert_int_equal(read_at(&scene, LENGTH - 50, &counting, NULL), ERROR_NONE);
		assert_true(counting.calls >= 4 && counting.bytes == LENGTH);
		/* Backwards, and by another handle: nothing is unpacked again. */
		assert_int_equal(read_at(&scene, 7, &none, NULL), ERROR_NONE);
		struct error error = {0};
		struct case_file *other = case_open_again(scene.file, &error), *own = scene.file;
		assert_non_null(other);
		scene.file = other;
		assert_int_equal(read_at(&scene, 400000, &none, NULL), ERROR_NONE);
		assert_int_equal(none.calls, 0);
		assert_int_equal(unlinked_files(), forms[i] == PLAIN ? 0 : 1);
		case_close(own);
		assert_int_equal(read_at(&scene, 0, &none, NULL), ERROR_NONE);
		assert_int_equal(verified(&scene, NULL), 1);
		scene_close(state, &scene);
		assert_int_equal(unlinked_files(), 0);
	}
}

/* Who asks but once is given the bytes on the way, also over the border of two chunks. */
static void one_excerpt_takes_no_room(void **state)
{
	static const enum form forms[] = {PLAIN, GZIP, ZSTD, ZIP};
	static const struct range ranges[] = {{0, LENGTH}, {0, 1}, {262100, 262200}, {7, 7},
		{262144, 524288}, {LENGTH - 1, LENGTH}, {LENGTH, LENGTH}};
	for (size_t i = 0; i < 4; i++) {
		struct scene scene;
		struct buffer bytes = {0};
		struct error error = {0};
		scene_open(state, forms[i], &scene);
		for (size_t j = 0; j < ARRAY_LENGTH(ranges); j++) {
			struct range range = ranges[j];
			assert_true(source_bytes_once(
				scene.file, 1, range.start, range.end, NULL, &bytes, &error));
			assert_true(span_equal(buffer_span(&bytes),
				span_of(scene.text + range.start, range.end - range.start)));
		}
		assert_int_equal(unlinked_files(), 0);
		scene.text[0] ^= 1;
		write_packed(forms[i], scene.path, scene.text, LENGTH);
		assert_false(source_bytes_once(scene.file, 1, 9, 99, NULL, &bytes, &error));
		assert_int_equal(error.code, ERROR_INTEGRITY);
		buffer_free(&bytes);
		scene_close(state, &scene);
	}
}

/* Whoever is stopped leaves nothing behind, and a large one is not begun on a thread that may not
 * wait. */
static void it_can_be_stopped(void **state)
{
	struct scene scene;
	scene_open(state, GZIP, &scene);
	for (int most = 0; most < 4; most++) {
		struct counting counting = {.most = most};
		assert_int_equal(read_at(&scene, 0, &counting, NULL), ERROR_CANCELLED);
		assert_int_equal(counting.calls, most + 1);
		assert_int_equal(unlinked_files(), 0);
	}
	assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_NONE);
	scene_close(state, &scene);
}

static void what_is_touched_is_looked_at_again(void **state)
{
	static const enum form forms[] = {GZIP, ZSTD, ZIP};
	for (size_t i = 0; i < 3; i++) {
		struct scene scene;
		struct counting counting = {.most = 1000};
		scene_open(state, forms[i], &scene);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_NONE);
		const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
		assert_int_equal(utimensat(AT_FDCWD, scene.path, times, 0), 0);
		assert_int_equal(read_at(&scene, 0, &counting, NULL), ERROR_NONE);
		assert_true(counting.calls > 0);
		assert_int_equal(unlinked_files(), 1);
		/* Packed anew, in other bytes. */
		write_packed(forms[(i + 1) % 2], scene.path, scene.text, LENGTH);
		if (forms[i] != ZIP) {
			assert_int_equal(read_at(&scene, 99, NULL, NULL), ERROR_NONE);
			assert_int_equal(verified(&scene, NULL), 1);
			/* Or unpacked in its place. */
			write_packed(PLAIN, scene.path, scene.text, LENGTH);
			assert_int_equal(read_at(&scene, 99, NULL, NULL), ERROR_NONE);
			assert_int_equal(unlinked_files(), 0);
		}
		/* Other text. */
		scene.text[LENGTH / 2] ^= 1;
		write_packed(forms[i], scene.path, scene.text, LENGTH);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_INTEGRITY);
		assert_int_equal(verified(&scene, NULL), -1);
		assert_int_equal(unlinked_files(), 0);
		/* And nothing. */
		assert_int_equal(unlink(scene.path), 0);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_USAGE);
		assert_int_equal(verified(&scene, NULL), 0);
		scene_close(state, &scene);
	}
}

static void assert_changed(struct scene *scene, const char *why)
{
	char message[ERROR_MESSAGE_SIZE];
	struct verdict verdict;
	assert_int_equal(read_at(scene, 0, NULL, message), ERROR_INTEGRITY);
	if (!strstr(message, why))
		fail_msg("%s: not %s", message, why);
	assert_int_equal(verified(scene, &verdict), -1);
	if (!strstr(verdict.said, why))
		fail_msg("%s: not %s", verdict.said, why);
	assert_int_equal(unlinked_files(), 0);
}

static size_t read_whole(const char *path, char **bytes)
{
	struct stat status;
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*bytes = malloc((size_t)status.st_size);
	assert_non_null(*bytes);
	assert_int_equal(fread(*bytes, 1, (size_t)status.st_size, file), status.st_size);
	fclose(file);
	return (size_t)status.st_size;
}

static void damage_is_told(void **state)
{
	static const enum form forms[] = {GZIP, ZSTD, ZIP};
	static const char *const damaged[] = {"the gzip data is damaged near byte ",
		"the zstd data is damaged near byte ", "the member of the zip archive is damaged"};
	for (size_t i = 0; i < 3; i++) {
		struct scene scene;
		char *bytes;
		scene_open(state, forms[i], &scene);
		size_t length = read_whole(scene.path, &bytes);
		bytes[length / 2] ^= 0x40;
		bytes[length / 2 + 1] ^= 0x40;
		place_write(scene.path, bytes, length);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_INTEGRITY);
		assert_int_equal(verified(&scene, NULL), -1);
		bytes[length / 2] ^= 0x40;
		bytes[length / 2 + 1] ^= 0x40;
		/* Its end is missing. */
		place_write(scene.path, bytes, length - 9);
		assert_changed(&scene,
			forms[i] == ZIP ? "the zip archive has no readable directory" : damaged[i]);
		/* It grows: by more of its kind, by something else. */
		if (forms[i] != ZIP) {
			char *twice = malloc(2 * length);
			assert_non_null(twice);
			memcpy(twice, bytes, length);
			memcpy(twice + length, bytes, length);
			place_write(scene.path, twice, 2 * length);
			assert_changed(&scene, "it unpacks to more than the 900000 bytes");
			memset(twice + length, 'x', length);
			place_write(scene.path, twice, 2 * length);
			assert_changed(&scene, damaged[i]);
			free(twice);
		}
		place_write(scene.path, bytes, length);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_NONE);
		free(bytes);
		scene_close(state, &scene);
	}
}

static void a_bomb_goes_nowhere(void **state)
{
	static const enum form forms[] = {GZIP, ZSTD, ZIP};
	size_t length = (size_t)64 * 1024 * 1024;
	char *zeros = calloc(1, length);
	assert_non_null(zeros);
	for (size_t i = 0; i < 3; i++) {
		struct scene scene;
		struct counting counting = {.most = 1000};
		scene_open(state, forms[i], &scene);
		write_packed(forms[i], scene.path, zeros, length);
		assert_changed(&scene, "it unpacks to more than the 900000 bytes");
		assert_int_equal(read_at(&scene, 0, &counting, NULL), ERROR_INTEGRITY);
		/* Unpacked no further than the source goes. */
		assert_true(counting.bytes < 2 * (int64_t)LENGTH);
		/* Of one that says it was that large, no further than the bound of expansion. */
		place_run(scene.file, "UPDATE source SET size = 60000000");
		assert_changed(&scene, "unpacks to too much");
		scene_close(state, &scene);
	}
	free(zeros);
}

static void a_member_may_be_gone(void **state)
{
	struct scene scene;
	scene_open(state, ZIP, &scene);
	write_zip(scene.path, "logs/b.csv", scene.text, LENGTH);
	assert_changed(&scene, "the zip archive has no member of this name");
	place_run(scene.file, "UPDATE source SET path = 'a//logs/b.csv'");
	assert_int_equal(read_at(&scene, 5, NULL, NULL), ERROR_NONE);
	/* The zip itself is no source, and no member of another file is. */
	write_zip(scene.path, "logs/b.csv", scene.text, LENGTH);
	place_run(scene.file, "UPDATE source SET path = 'a'");
	assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_INTEGRITY);
	place_run(scene.file, "UPDATE source SET path = 'a//'");
	assert_changed(&scene, "the zip archive has no member of this name");
	write_packed(GZIP, scene.path, scene.text, LENGTH);
	assert_changed(&scene, "the zip archive has no readable directory");
	scene_close(state, &scene);
}

struct listing {
	struct unpack_entry entries[2];
	char paths[2][20];
	int count;
};

static bool list_entry(void *context, const struct unpack_entry *entry, struct error *error)
{
	struct listing *listing = context;
	(void)error;
	assert_true(listing->count < 2);
	snprintf(listing->paths[listing->count], 20, "%s", entry->path);
	listing->entries[listing->count] = *entry;
	listing->entries[listing->count].path = listing->paths[listing->count];
	listing->count++;
	return true;
}

/* The directory's word on where it speaks of a member is a hint: the path says which it is. */
static void a_member_is_found_by_its_place(void **state)
{
	struct scene scene;
	struct listing listing = {0};
	struct error error = {0};
	char room[8];
	scene_open(state, ZIP, &scene);
	int zip = open(scene.path, O_RDONLY | O_CLOEXEC);
	assert_true(zip >= 0);
	assert_true(unpack_members(zip, NULL, list_entry, &listing, &error));
	assert_int_equal(listing.count, 2);
	assert_string_equal(listing.paths[0], "first.txt");
	assert_int_equal(listing.entries[0].size, 3);
	assert_int_equal(listing.entries[1].size, LENGTH);
	const uint64_t places[] = {listing.entries[0].at, listing.entries[1].at, 0, 7, UINT64_MAX};
	assert_true(places[0] > 0 && places[1] > places[0]);
	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		listing.entries[0].at = places[i];
		struct unpack *unpack = unpack_member(zip, &listing.entries[0], NULL, &error);
		assert_non_null(unpack);
		assert_int_equal(unpack_read(unpack, room, sizeof room, &error), 3);
		assert_memory_equal(room, "one", 3);
		unpack_close(unpack);
	}
	close(zip);
	scene_close(state, &scene);
}

static void odd_paths_are_not_read(void **state)
{
	static const char *const absent[] = {"/dev/zero", "/dev/zero//x", "/dev/full", "fifo",
		"fifo//x", "link", "link//x", ".", ".//x", "", "//", "//x", "c.breach//x"};
	struct scene scene;
	char other[160], path[400];
	scene_open(state, GZIP, &scene);
	place_file(*state, "fifo", other);
	assert_int_equal(mkfifo(other, 0600), 0);
	place_file(*state, "link", other);
	assert_int_equal(symlink(scene.path, other), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(absent); i++) {
		snprintf(path, sizeof path, "UPDATE source SET path = '%s'", absent[i]);
		place_run(scene.file, path);
		if (read_at(&scene, 0, NULL, NULL) != ERROR_USAGE)
			fail_msg("%s was read", absent[i]);
		assert_int_equal(verified(&scene, NULL), 0);
	}
	/* A regular file, to the system. */
	place_run(scene.file, "UPDATE source SET path = '/proc/self/mem'");
	assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_INTEGRITY);
	place_run(scene.file, "UPDATE source SET path = '/proc/self/mem//x'");
	assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_IO);
	assert_int_equal(verified(&scene, NULL), 0);
	scene_close(state, &scene);
}

/* ---- room ---- */

static void without_room_it_is_said(void **state)
{
	struct scene scene;
	struct rlimit before, small;
	char message[ERROR_MESSAGE_SIZE];
	scene_open(state, GZIP, &scene);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 400000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(read_at(&scene, 0, NULL, message), ERROR_IO);
	assert_non_null(strstr(message, "takes 900000 bytes, for which "));
	assert_int_equal(unlinked_files(), 0);
	/* Verifying takes none. */
	assert_int_equal(verified(&scene, NULL), 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	/* A case that says it takes more than there is. */
	place_run(scene.file, "UPDATE source SET size = 4000000000000000000");
	assert_int_equal(read_at(&scene, 0, NULL, message), ERROR_IO);
	assert_non_null(strstr(message, "takes 4000000000000000000 bytes, for which "));
	assert_int_equal(verified(&scene, NULL), -1);
	place_run(scene.file, "UPDATE source SET size = 900000");
	setenv("TMPDIR", "/nonexistent", 1);
	assert_int_equal(read_at(&scene, 0, NULL, message), ERROR_IO);
	assert_non_null(strstr(message, "can't make a file in /nonexistent"));
	unsetenv("TMPDIR");
	assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_NONE);
	scene_close(state, &scene);
}

/* Too many open files say nothing of this one, also where it was unpacked before. */
static void without_descriptors_it_is_said(void **state)
{
	struct scene scene;
	struct rlimit before, none;
	scene_open(state, GZIP, &scene);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	for (int unpacked = 0; unpacked < 2; unpacked++) {
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
		enum error_code code = read_at(&scene, 0, NULL, NULL);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_int_equal(code, ERROR_IO);
		assert_int_equal(unlinked_files(), unpacked);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_NONE);
	}
	scene_close(state, &scene);
}

/* Quotes are held against what is unpacked: without room for that they are not, and it is said. */
static void quotes_are_checked(void **state)
{
	struct scene scene;
	struct verdict verdict;
	struct rlimit before, small;
	char sql[400];
	scene_open(state, GZIP, &scene);
	place_run(scene.file,
		"INSERT INTO document(id, source, start, \"end\", basis, title, published_from,"
		" published_to, published_form, held)"
		" VALUES(1, 1, 0, 900000, 1, 'News', 0, 0, 0, 'original')");
	for (int id = 1; id < 3; id++) {
		snprintf(sql, sizeof sql,
			"INSERT INTO statement(id, source, start, \"end\", basis, said_on_from,"
			" said_on_to, said_on_form, document, quote) VALUES(%d, 1, %d, %d, 1, 0, 0,"
			" 0, 1, '%.10s')",
			id, id * 400000, id * 400000 + 10, scene.text + id * 400000);
		place_run(scene.file, sql);
	}
	assert_int_equal(verified(&scene, &verdict), 1);
	assert_string_equal(verdict.said, "");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 400000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	utimensat(AT_FDCWD, scene.path, NULL, 0); /* what was unpacked is not used again */
	assert_int_equal(verified(&scene, &verdict), 1);
	assert_int_equal(verdict.result.notes, 1);
	assert_non_null(strstr(verdict.said, "quotes from source 1 were not checked"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	place_run(scene.file, "UPDATE statement SET quote = 'other word' WHERE id = 2");
	assert_int_equal(verified(&scene, &verdict), -1);
	assert_int_equal(verdict.result.errors, 1);
	assert_non_null(strstr(verdict.said, "statement:2 quotes words that do not stand"));
	scene_close(state, &scene);
}

/* ---- threads ---- */

struct reader {
	struct scene scene;
	pthread_t thread;
	enum error_code code;
};

static void *read_in_thread(void *context)
{
	struct reader *reader = context;
	reader->code = read_at(&reader->scene, 100, NULL, NULL);
	return NULL;
}

/* Half way through, others ask for it, and wait; one of them is stopped. */
static bool let_others_ask(void *context, int64_t bytes)
{
	struct reader *readers = context;
	struct error error = {0};
	if (bytes == 0 || readers[0].scene.file)
		return true;
	for (int i = 0; i < 3; i++) {
		readers[i].scene.file = case_open_again(readers[3].scene.file, &error);
		assert_non_null(readers[i].scene.file);
		readers[i].scene.text = readers[3].scene.text;
		assert_int_equal(
			pthread_create(&readers[i].thread, NULL, read_in_thread, &readers[i]), 0);
	}
	struct counting none = {0};
	struct scene again = readers[3].scene;
	again.file = case_open_again(again.file, &error);
	assert_non_null(again.file);
	assert_int_equal(read_at(&again, 0, &none, NULL), ERROR_CANCELLED);
	assert_int_equal(none.calls, 1);
	assert_true(none.bytes > 0);
	case_close(again.file);
	return true;
}

static void it_is_unpacked_once(void **state)
{
	struct reader readers[4] = {0};
	struct error error = {0};
	struct buffer bytes = {0};
	const struct source_progress progress = {let_others_ask, readers};
	scene_open(state, ZSTD, &readers[3].scene);
	assert_true(source_bytes(readers[3].scene.file, 1, 0, 9, &progress, &bytes, &error));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
		assert_int_equal(readers[i].code, ERROR_NONE);
		case_close(readers[i].scene.file);
	}
	assert_int_equal(unlinked_files(), 1);
	buffer_free(&bytes);
	scene_close(state, &readers[3].scene);
}

/* ---- found again ---- */

static void attach(struct scene *scene, void **state, struct attach *attach)
{
	struct error error = {0};
	if (!attach_find(scene->file, ((struct place *)*state)->folder, NULL, NULL, attach, &error))
		fail_msg("%s", error.message);
}

static void packed_files_are_found(void **state)
{
	static const char *const paths[] = {"deep/z", "deep/z", "deep/z", "deep/z//logs/a.csv"};
	char path[160], other[160];
	place_file(*state, "deep", path);
	assert_int_equal(mkdir(path, 0700), 0);
	place_file(*state, "deep/z", path);
	place_file(*state, "zz", other);
	for (int form = PLAIN; form <= ZIP; form++) {
		struct scene scene;
		struct attach found;
		scene_open(state, GZIP, &scene);
		assert_int_equal(unlink(scene.path), 0);
		attach(&scene, state, &found);
		assert_int_equal(found.absent, 1);
		attach_free(&found);
		write_packed((enum form)form, path, scene.text, LENGTH);
		attach(&scene, state, &found);
		assert_int_equal(found.found, 1);
		assert_string_equal(found.sources[0].path, paths[form]);
		assert_int_equal(found.unpacked, form != PLAIN);
		assert_int_equal(found.bytes, LENGTH);
		assert_int_equal(found.unread, 0);
		attach_free(&found);
		assert_int_equal(read_at(&scene, 77, NULL, NULL), ERROR_NONE);
		assert_int_equal(verified(&scene, NULL), 1);
		/* The file itself comes first, wherever it stands. */
		place_run(scene.file, "UPDATE source SET path = NULL");
		write_packed(PLAIN, other, scene.text, LENGTH);
		attach(&scene, state, &found);
		assert_string_equal(found.sources[0].path, form == PLAIN ? paths[form] : "zz");
		assert_int_equal(found.unpacked, 0);
		attach_free(&found);
		assert_int_equal(unlink(path) + unlink(other), 0);
		scene_close(state, &scene);
	}
}

static void other_packed_files_are_not(void **state)
{
	struct scene scene;
	struct attach found;
	char path[160], *zeros = calloc(1, 8000000);
	assert_non_null(zeros);
	scene_open(state, PLAIN, &scene);
	place_run(scene.file, "UPDATE source SET path = NULL");
	scene.text[5] ^= 1;
	write_packed(PLAIN, scene.path, scene.text, LENGTH);
	place_file(*state, "b", path);
	write_packed(GZIP, path, scene.text, LENGTH);
	place_file(*state, "c", path);
	write_packed(ZIP, path, scene.text, LENGTH);
	/* Cut off, and larger than anything. */
	place_file(*state, "d", path);
	place_write(path, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	place_file(*state, "e", path);
	write_packed(ZSTD, path, zeros, 8000000);
	place_file(*state, "f", path);
	place_write(path, "PK\3\4", 4);
	attach(&scene, state, &found);
	assert_int_equal(found.found, 0);
	assert_int_equal(found.hashed, 1);
	assert_int_equal(found.unpacked, 4);
	assert_int_equal(found.unread, 2);
	assert_true(found.bytes < 5 * (int64_t)LENGTH);
	attach_free(&found);
	free(zeros);
	scene_close(state, &scene);
}

static bool no_more(void *context, const struct attach *attach)
{
	return attach->bytes < *(int64_t *)context;
}

static void a_search_in_packed_files_ends(void **state)
{
	static const enum form forms[] = {GZIP, ZIP};
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		struct attach found;
		struct error error = {0};
		int64_t most = 300000;
		scene_open(state, forms[i], &scene);
		place_run(scene.file, "UPDATE source SET path = NULL");
		assert_false(attach_find(scene.file, ((struct place *)*state)->folder, no_more,
			&most, &found, &error));
		assert_int_equal(error.code, ERROR_CANCELLED);
		attach_free(&found);
		assert_int_equal(read_at(&scene, 0, NULL, NULL), ERROR_USAGE);
		scene_close(state, &scene);
	}
}

/* What lies beside the case is looked into, and the case is not: closing it would drop its locks.
 */
static void the_case_keeps_its_locks(void **state)
{
	const struct place *place = *state;
	struct scene scene;
	struct attach found;
	struct stat status;
	char sql[200];
	scene_open(state, GZIP, &scene);
	assert_int_equal(stat(place->path, &status), 0);
	place_run(scene.file, "BEGIN IMMEDIATE");
	/* A source as large as the case is looked for. */
	snprintf(sql, sizeof sql, "UPDATE source SET path = NULL, size = %lld",
		(long long)status.st_size);
	place_run(scene.file, sql);
	attach(&scene, state, &found);
	assert_int_equal(found.found, 0);
	assert_int_equal(found.hashed, 0);
	assert_int_equal(found.unpacked, 1);
	assert_int_equal(found.unread, 0);
	attach_free(&found);
	struct flock lock = {.l_type = F_WRLCK, .l_start = 0x40000001, .l_len = 1};
	int other = open(place->path, O_RDWR);
	assert_true(other >= 0);
	assert_int_equal(fcntl(other, F_OFD_GETLK, &lock), 0);
	assert_int_equal(lock.l_type, F_WRLCK);
	place_run(scene.file, "COMMIT");
	close(other);
	scene_close(state, &scene);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(any_bytes_are_read),
		IN_PLACE(one_excerpt_takes_no_room),
		IN_PLACE(it_can_be_stopped),
		IN_PLACE(what_is_touched_is_looked_at_again),
		IN_PLACE(damage_is_told),
		IN_PLACE(a_bomb_goes_nowhere),
		IN_PLACE(a_member_may_be_gone),
		IN_PLACE(a_member_is_found_by_its_place),
		IN_PLACE(odd_paths_are_not_read),
		IN_PLACE(without_room_it_is_said),
		IN_PLACE(without_descriptors_it_is_said),
		IN_PLACE(quotes_are_checked),
		IN_PLACE(it_is_unpacked_once),
		IN_PLACE(packed_files_are_found),
		IN_PLACE(other_packed_files_are_not),
		IN_PLACE(a_search_in_packed_files_ends),
		IN_PLACE(the_case_keeps_its_locks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
