/*
 * speech.h: reported speech in an English text, proposed as statements.
 *
 * Rules, no model: sentences are cut, verbs of saying and `according to` are found with their
 * subject, pronouns are resolved where that is plain (else the speaker is as written), quotations
 * are followed across sentences and paragraphs. What comes out is a *proposal* that a person
 * accepts, changes or sets aside. English only.
 */
#ifndef INGEST_SPEECH_H
#define INGEST_SPEECH_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

enum speech_form {
	SPEECH_INDIRECT, /* nothing of the content is quoted */
	SPEECH_DIRECT,   /* all of it is */
	SPEECH_PART,     /* part of it is */
};

enum speech_direction {
	SPEECH_ASSERTS,
	SPEECH_DENIES,
	SPEECH_SILENT,   /* gives no answer, makes no mention, as the writer tells */
	SPEECH_DECLINES, /* refuses an answer in so many words */
	SPEECH_OTHER,    /* question, request, advice, apology, promise, retraction */
};

#define SPEECH_MAX_QUOTES 8

struct speech {
	struct range bytes; /* attribution and content, in the text as given */
	char *speaker;      /* resolved where plain, UTF-8, white space folded; "(not stated)" when
			     * there is no agent */
	char *written;      /* as in the text; NULL when carried over from before */
	char *via;          /* who relays it; NULL when nobody does */
	char *verb;         /* as in the text; "(colon)" or "(label)" where there is no verb */
	char *hedges;       /* hedging words, ", " between them; NULL when there are none */
	enum speech_form form;
	enum speech_direction direction;
	bool nested;                            /* inside another statement's sentence */
	struct range quotes[SPEECH_MAX_QUOTES]; /* the quoted words with their marks */
	size_t quote_count;
};

struct speech_list {
	struct speech *items;
	size_t count;
	size_t capacity;
};

/* Proposals in the order of the text, which is UTF-8 with or without a BOM, any line ends. False
 * only when out of memory (ERROR_MEMORY). Free the list with speech_list_free. */
bool speech_find(struct span text, struct speech_list *list, struct error *error) MUST_CHECK;
void speech_list_free(struct speech_list *list);

/* The bytes at which the text's paragraphs begin, as statements count them, behind their marks,
 * into *starts (the caller frees it). */
bool speech_paragraphs(
	struct span text, size_t **starts, size_t *count, struct error *error) MUST_CHECK;

#endif
