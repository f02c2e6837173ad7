/*
 * speech_parts.h: what the files of speech*.c share. Private to them.
 *
 * The road of a text: speech_layout.c cuts paragraphs, speech_quotes.c pairs quotation marks,
 * speech_scan.c cuts sentences into items (a quotation or a parenthesis is one item),
 * speech_hits.c finds verbs of saying and their like, speech_content.c what they say,
 * speech_subject.c who says it, speech_resolve.c what a pronoun stands for, speech_tone.c direction
 * and hedges, speech_assemble.c makes statements of the hits. speech_words.c is the data: every
 * word that the rules know stands there.
 *
 * Every look back or ahead is bounded, so that the work is linear in the text.
 */
#ifndef INGEST_SPEECH_PARTS_H
#define INGEST_SPEECH_PARTS_H

#include "speech.h"

#include <stdint.h>

/* What stands at a byte: enough of Unicode for English punctuation. */
enum glyph {
	GLYPH_SPACE,
	GLYPH_LETTER, /* ASCII, and whatever is not listed here */
	GLYPH_DIGIT,
	GLYPH_OPEN_DOUBLE,
	GLYPH_CLOSE_DOUBLE,
	GLYPH_DOUBLE, /* straight */
	GLYPH_OPEN_SINGLE,
	GLYPH_CLOSE_SINGLE, /* and the apostrophe */
	GLYPH_SINGLE,       /* straight, and the apostrophe */
	GLYPH_DASH,
	GLYPH_HYPHEN,
	GLYPH_STOP, /* . ? ! and the ellipsis */
	GLYPH_MARK, /* , ; : and brackets */
	GLYPH_BULLET,
	GLYPH_OTHER,
	GLYPH_NONE, /* beyond the text */
};

enum glyph speech_glyph(struct span text, size_t at, size_t *length);
/* The glyph that ends before `at`. */
enum glyph speech_glyph_before(struct span text, size_t at);
bool speech_upper(struct span text, size_t at);
/* The first byte from `at` on, before end, that is not white space. */
size_t speech_skip_space(struct span text, size_t at, size_t end);
/* The end of the word that begins at `at`: letters, digits, inner hyphens and apostrophes. */
size_t speech_word_end(struct span text, size_t at, size_t end);

/* Classes of words. A word can be in several. */
#define WORD_DETERMINER (1ULL << 0)
#define WORD_SUBJECT (1ULL << 1) /* I we he she they it you */
#define WORD_FIRST (1ULL << 2)   /* I, we */
#define WORD_BE (1ULL << 3)
#define WORD_HAVE (1ULL << 4)
#define WORD_DO (1ULL << 5)
#define WORD_MODAL (1ULL << 6)
#define WORD_NOT (1ULL << 7)
#define WORD_PREPOSITION (1ULL << 8)
#define WORD_AND (1ULL << 9)
#define WORD_BUT (1ULL << 10)
#define WORD_CONCEDE (1ULL << 11)   /* although, while */
#define WORD_CONDITION (1ULL << 12) /* if, when, unless */
#define WORD_QUESTION (1ULL << 13)  /* whether, how, why */
#define WORD_RELATIVE (1ULL << 14)
#define WORD_THAT (1ULL << 15)
#define WORD_TIME (1ULL << 16)
#define WORD_MONTH (1ULL << 17)
#define WORD_WEEKDAY (1ULL << 18)
#define WORD_ADVERB (1ULL << 19)
#define WORD_PERSON (1ULL << 20)
#define WORD_PLURAL (1ULL << 21)
#define WORD_DOCUMENT (1ULL << 22)
#define WORD_BODY (1ULL << 23)       /* nouns for organisations */
#define WORD_COMPANY (1ULL << 24)    /* of them, those that stand for the one the text is about */
#define WORD_INSTRUMENT (1ULL << 25) /* things that show and do not speak */
#define WORD_SAYING (1ULL << 26)     /* claim, statement, figure: what can be rejected */
#define WORD_ANSWER (1ULL << 27)     /* reply, comment: what can be withheld */
#define WORD_NOBODY (1ULL << 28)
#define WORD_HEDGE (1ULL << 29)
#define WORD_FALSE (1ULL << 30)
#define WORD_TITLE (1ULL << 31)     /* Mr, Dr: never ends a sentence */
#define WORD_SHORTENED (1ULL << 32) /* Corp, Jan: seldom does */
#define WORD_MEANS (1ULL << 33)     /* telephone, letter: "told by telephone" names nobody */
#define WORD_FIELD (1ULL << 34)     /* labels that are no speakers: date, contact */
#define WORD_PERSONAL (1ULL << 35)  /* he, she */
#define WORD_NAMING (1ULL << 36)    /* called, entitled: a quotation after it is a name */
#define WORD_PLAN (1ULL << 37)      /* "according to" them is no attribution */
#define WORD_FUTURE (1ULL << 38)    /* modals that make no statement unless negated */
#define WORD_MAY (1ULL << 39)       /* modals that never do */
#define WORD_GIVE (1ULL << 40)      /* gave, made no ... */
#define WORD_GET (1ULL << 41)       /* had, received no ... */
#define WORD_MILD (1ULL << 42)      /* no more, no longer, not only: no denial */
#define WORD_VIEW (1ULL << 43)      /* "no view": declined, not passed over */

#define WORD_AUXILIARY (WORD_BE | WORD_HAVE | WORD_DO | WORD_MODAL)
#define WORD_JOIN (WORD_AND | WORD_BUT)

/* What a verb of saying takes as its content. */
#define TAKES_THAT (1u << 0)   /* that, whether, how */
#define TAKES_CLAUSE (1u << 1) /* a clause without "that" */
#define TAKES_ANY (1u << 2)    /* whatever follows */
#define TAKES_QUOTE (1u << 3)
#define TAKES_BEFORE (1u << 4) /* content before the verb: "..., she said" */
#define TAKES_OBJECT (1u << 5) /* a noun */
#define TAKES_CLAIM (1u << 6)  /* a noun of saying, or a pronoun for one */
#define TAKES_TO (1u << 7)     /* (somebody) to do something */
#define TAKES_PERSON (1u << 8) /* an addressee without preposition; may be passive */
#define TAKES_NOTHING (1u << 9)
#define TAKES_AT (1u << 10)   /* put the loss at; put it this way */
#define TAKES_NAME (1u << 11) /* call it "an error" */
#define TAKES_OF (1u << 12)   /* accuse somebody of */
#define ONLY_NEGATED (1u << 13)
#define ONLY_DOCUMENT (1u << 14)
#define ONLY_OUT (1u << 15)  /* rule out, point out */
#define ALSO_SAID (1u << 16) /* is said to */
#define ALONGSIDE (1u << 17) /* shares a statement with the verb before it, as an apology does */
#define ADMITS (1u << 18)    /* a negative content stays asserted */
#define TAKES_ON (1u << 19)  /* call on, call for */

enum verb_form { FORM_BASE = 1, FORM_THIRD = 2, FORM_PAST = 4, FORM_PARTICIPLE = 8 };

struct verb {
	const char *base, *third, *past, *participle; /* participle NULL: as the past */
	unsigned takes;
	enum speech_direction direction;
};

struct word {
	const char *text; /* lower case, straight apostrophe */
	size_t length;
	uint64_t classes;
	const struct verb *verb;
	unsigned forms;
};

#define LEXICON_SLOTS 4096
struct lexicon {
	struct word slots[LEXICON_SLOTS];
};

struct lexicon *speech_lexicon_new(void);
/* Longer words are known to no table. */
#define WORD_SIZE 24
/* The word's row, or NULL. A possessive ending is cut. A plural noun finds its singular's classes
 * in *classes, with WORD_PLURAL; verb and forms are the row's. */
const struct word *speech_lookup(
	const struct lexicon *lexicon, struct span word, uint64_t *classes);

struct paragraph {
	size_t start, end; /* without outer white space and list mark */
	bool item;         /* of a list */
	size_t label_end;  /* of a transcript's label, without its colon; 0 when there is none */
};

struct layout {
	struct paragraph *items;
	size_t count, capacity;
};

/* False when out of memory, as with the others that return bool. */
bool speech_layout(struct span text, const struct lexicon *lexicon, struct layout *layout);

struct quotation {
	size_t start, end; /* with marks */
	bool open;         /* no closing mark: it runs to the paragraph's end */
};

struct quotations {
	struct quotation *items;
	size_t count, capacity;
};

bool speech_quotations(
	struct span text, const struct layout *layout, struct quotations *quotations);

enum item_kind { ITEM_WORD, ITEM_MARK, ITEM_QUOTE, ITEM_PARENTHESIS };

struct item {
	size_t start, end;
	enum item_kind kind;
	char mark; /* , ; : . or - for a dash */
	bool upper;
	bool digit;
	unsigned forms;
	uint64_t classes;
	const struct verb *verb;
};

#define SENTENCE_ITEMS 600
struct sentence {
	struct item items[SENTENCE_ITEMS];
	size_t count;
	size_t start, end;
};

/* An attribution in a sentence; the numbers are indices of items. */
struct hit {
	size_t clause;               /* where its clause begins, conjunction included */
	size_t subject, subject_end; /* equal when it has none */
	size_t name, name_end;       /* an apposition that names the subject */
	size_t group, verb, verb_end;
	size_t content;   /* first item behind the attribution */
	bool covers;      /* its content stands before it or around it */
	bool according;   /* it has no verb */
	bool carried;     /* the subject is the one of the verb before */
	bool agentless;   /* told, but not by whom */
	bool subordinate; /* in a clause with although */
	bool joined;      /* its clause begins with a conjunction */
	bool weak;        /* a statement only where nothing else is */
	unsigned takes;
	enum speech_direction direction;
	const char *label; /* in the place of a verb */
};

#define SENTENCE_HITS 48
struct hits {
	struct hit items[SENTENCE_HITS];
	size_t count;
};

enum speaker_kind { SPEAKER_UNKNOWN, SPEAKER_PERSON, SPEAKER_BODY, SPEAKER_DOCUMENT };

#define SPEAKER_SIZE 256
struct speaker {
	char name[SPEAKER_SIZE];
	enum speaker_kind kind;
	bool plural;
};

/* Who has spoken, and other names for them. */
#define KNOWN_NAMES 64
#define ALIAS_SIZE 48
struct known {
	struct speaker names[KNOWN_NAMES];
	size_t name_count;
	struct {
		char word[ALIAS_SIZE];
		size_t name;
	} aliases[KNOWN_NAMES];
	size_t alias_count;
	struct speaker person, thing, many, last; /* of each the last; name empty when none */
};

struct finder {
	struct span text;
	struct lexicon *lexicon;
	struct layout layout;
	struct quotations quotations;
	size_t quotation; /* the next one for the scanner */
	struct sentence sentence;
	struct hits hits;
	struct known known;
	struct speech_list *list;
	size_t running; /* 1 + the statement that a quotation may still run on in */
	/* A quotation that has no voice yet; what follows may name it. */
	struct range pending;
	size_t turn;    /* 1 + the transcript's turn we are in */
	size_t listing; /* 1 + the statement whose content is a list */
};

bool speech_is(const struct finder *finder, size_t item, const char *word);

static inline bool speech_has(const struct finder *finder, size_t item, uint64_t classes)
{
	return item < finder->sentence.count && (finder->sentence.items[item].classes & classes);
}

static inline bool speech_mark(const struct finder *finder, size_t item, char mark)
{
	return item < finder->sentence.count && finder->sentence.items[item].mark == mark;
}

static inline bool speech_kind(const struct finder *finder, size_t item, enum item_kind kind)
{
	return item < finder->sentence.count && finder->sentence.items[item].kind == kind;
}

/* Fills finder->sentence from *at; false when the paragraph is used up. */
bool speech_next_sentence(struct finder *finder, const struct paragraph *paragraph, size_t *at);
/* Fills finder->hits from finder->sentence. */
void speech_find_hits(struct finder *finder);
/* Whether a content goes with the hit's verb; sets content and covers. */
bool speech_content(const struct finder *finder, struct hit *hit);
/* Whether the verb group at hit->group has somebody who speaks; sets clause, subject, name,
 * carried, joined, subordinate. */
bool speech_subject(const struct finder *finder, struct hit *hit);
/* Fills the hit's subject with the noun phrase that begins at item; false when none does. Behind an
 * inverted verb it ends before "in a statement". */
bool speech_subject_after(const struct finder *finder, size_t item, bool inverted, struct hit *hit);

/* Who the hit's subject is; remembered when it is no pronoun. */
void speech_resolve(struct finder *finder, const struct hit *hit, struct speaker *speaker);
/* Aliases that the sentence defines: Name ("the word"). */
void speech_learn_aliases(struct finder *finder);

/* Text from start to end with white space folded; at most size - 1 bytes. */
void speech_fold(struct span text, size_t start, size_t end, char *out, size_t size);
/* What the content from start to end makes of a neutral verb; an admission is never a denial. */
enum speech_direction speech_tone(
	const struct finder *finder, size_t start, size_t end, bool admitted);
/* Hedging words from start to end, NULL when there are none; *failed when out of memory. */
char *speech_hedges(const struct finder *finder, size_t start, size_t end, bool *failed);
/* Whether a quotation is the name of something and not somebody's words. */
bool speech_quote_names(const struct finder *finder, size_t item);

/* Statements of the sentence's hits, and quotations that run on. */
bool speech_assemble(struct finder *finder, const struct paragraph *paragraph);
bool speech_add_turn(struct finder *finder, const struct paragraph *paragraph);

#endif
