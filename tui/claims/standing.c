#include "claims/standing.h"

#include "base/memory.h"
#include "stances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_stance(const struct stance *stance, enum direction direction)
{
	return stance->direction == direction;
}

/* Voices behind one direction, each once. */
static int count_voices(const struct claim *claim, enum direction direction)
{
	int voices = 0;
	for (int i = 0; i < claim->stance_count; i++) {
		bool first = is_stance(&claim->stances[i], direction);
		for (int earlier = 0; first && earlier < i; earlier++)
			first = !is_stance(&claim->stances[earlier], direction) ||
				!voices_equal(&claim->stances[earlier], &claim->stances[i]);
		voices += first;
	}
	return voices;
}

/* Voices that speak, for or against, each once. */
static int count_speaking(const struct claim *claim)
{
	int voices = 0;
	for (int i = 0; i < claim->stance_count; i++) {
		bool first = !is_stance(&claim->stances[i], DIRECTION_SILENT);
		for (int earlier = 0; first && earlier < i; earlier++)
			first = is_stance(&claim->stances[earlier], DIRECTION_SILENT) ||
				!voices_equal(&claim->stances[earlier], &claim->stances[i]);
		voices += first;
	}
	return voices;
}

static bool rests_on_one(const struct claim *claim)
{
	for (int i = 0; i < claim->stance_count; i++)
		if (claim->stances[i].document == 0 ||
			claim->stances[i].document != claim->stances[0].document)
			return false;
	return claim->stance_count > 0;
}

/* A stance on a and one on b that go against each other: by two voices, or flatly by one. A voice
 * that hedges both ways does not contradict itself. */
static bool oppose(const struct claim *a, const struct claim *b)
{
	for (int i = 0; i < a->stance_count; i++) {
		for (int j = 0; j < b->stance_count; j++) {
			const struct stance *here = &a->stances[i], *there = &b->stances[j];
			if (is_stance(here, DIRECTION_SILENT) ||
				is_stance(there, DIRECTION_SILENT) ||
				here->direction == there->direction)
				continue;
			if (!voices_equal(here, there) || (a == b && here->flat && there->flat))
				return true;
		}
	}
	return false;
}

/* Whether a voice is told to be silent on what it says itself on the same occasion. */
static bool silent_on_itself(const struct claim *claim)
{
	for (int i = 0; i < claim->stance_count; i++) {
		for (int j = 0; j < claim->stance_count; j++) {
			const struct stance *said = &claim->stances[i];
			const struct stance *silent = &claim->stances[j];
			if (!is_stance(said, DIRECTION_SILENT) && !said->relayed &&
				is_stance(silent, DIRECTION_SILENT) && said->occasion != 0 &&
				said->occasion == silent->occasion && voices_equal(said, silent))
				return true;
		}
	}
	return false;
}

/* Names what two near claims differ in, as `act, qualifier`. Objects that share a topic do not
 * differ. */
static void name_differences(
	const struct claim *a, const struct claim *b, char *differs, size_t size)
{
	size_t length = 0;
	differs[0] = '\0';
	for (int part = 0; part < PART_COUNT; part++) {
		bool same = span_equal_ignoring_case(
			span_string(a->parts[part]), span_string(b->parts[part]));
		if (same || (part == PART_OBJECT && claims_share_topic(a, b)))
			continue;
		length += (size_t)snprintf(differs + length, size - length, "%s%s",
			length > 0 ? ", " : "", claim_part_names[part]);
	}
}

/* Holds a claim against every other that is near it. */
static bool compare_with_others(struct claims *claims, struct claim *claim,
	struct claim_standing *standing, struct error *error)
{
	for (size_t i = 0; i < claims->count; i++) {
		struct claim *other = &claims->items[i];
		if (other == claim ||
			(!claims_share_topic(claim, other) && !claims_linked(claim, other)))
			continue;
		if (!claims_stances(claims, other, error))
			return false;
		if (!oppose(claim, other))
			continue;
		char differs[sizeof standing->differs];
		name_differences(claim, other, differs, sizeof differs);
		bool meets = differs[0] == '\0';
		if (!meets && standing->standing == STANDING_TENSION)
			continue;
		standing->standing = meets ? STANDING_DISPUTED : STANDING_TENSION;
		standing->against = other->id;
		memcpy(standing->differs, differs, sizeof differs);
		if (meets)
			return true;
	}
	return true;
}

static bool compute(struct claims *claims, struct claim *claim, struct claim_standing *standing,
	struct error *error)
{
	*standing = (struct claim_standing){.standing = STANDING_UNSUPPORTED};
	if (!claims_stances(claims, claim, error))
		return false;
	standing->asserting = count_voices(claim, DIRECTION_ASSERTS);
	standing->denying = count_voices(claim, DIRECTION_DENIES);
	standing->silent = count_voices(claim, DIRECTION_SILENT);
	standing->one_document = rests_on_one(claim);
	int voices = count_speaking(claim);
	if (voices == 0)
		return true;
	standing->standing = voices == 1 ? STANDING_SINGLE_SOURCE : STANDING_UNCONTESTED;
	if (oppose(claim, claim)) {
		standing->standing = STANDING_DISPUTED;
		standing->against = claim->id;
		return true;
	}
	if (silent_on_itself(claim)) {
		standing->standing = STANDING_TENSION;
		standing->against = claim->id;
		snprintf(standing->differs, sizeof standing->differs,
			"said, and told to be silent on it");
	}
	return compare_with_others(claims, claim, standing, error);
}

struct standings {
	struct claims claims;
};

struct standings *standings_open(const struct case_file *file, struct error *error)
{
	struct standings *standings = memory_array(1, sizeof *standings);
	if (!standings) {
		error_memory(error);
		return NULL;
	}
	if (claims_load(file, &standings->claims, error))
		return standings;
	standings_close(standings);
	return NULL;
}

void standings_close(struct standings *standings)
{
	if (!standings)
		return;
	claims_free(&standings->claims);
	free(standings);
}

bool standing_of(struct standings *standings, int64_t claim, struct claim_standing *standing,
	struct error *error)
{
	struct claims *claims = &standings->claims;
	*standing = (struct claim_standing){0};
	for (size_t i = 0; i < claims->count; i++)
		if (claims->items[i].id == claim)
			return compute(claims, &claims->items[i], standing, error);
	return error_set(
		error, ERROR_USAGE, "there is no claim:%lld in this case", (long long)claim);
}

void standing_brief(const struct claim_standing *standing, struct buffer *out)
{
	int voices = standing->asserting > 0 ? standing->asserting : standing->denying;
	switch (standing->standing) {
	case STANDING_UNSUPPORTED:
		buffer_add_string(out, "unsupported");
		break;
	case STANDING_SINGLE_SOURCE:
		buffer_add_string(out, "single source");
		break;
	case STANDING_UNCONTESTED:
		buffer_add_format(out, "uncontested, %d voices", voices);
		break;
	case STANDING_TENSION:
		buffer_add_format(out, "in tension: %s", standing->differs);
		break;
	case STANDING_DISPUTED:
		buffer_add_format(out, "disputed, %d for, %d against", standing->asserting,
			standing->denying);
		break;
	}
}

void standing_text(const struct claim_standing *standing, struct buffer *out)
{
	standing_brief(standing, out);
	if (standing->standing == STANDING_SINGLE_SOURCE ||
		standing->standing == STANDING_UNCONTESTED) {
		if (standing->asserting > 0 && standing->denying > 0)
			buffer_add_string(out, ", leaning both ways");
		else if (standing->denying > 0)
			buffer_add_string(out, ", against");
	}
	if (standing->silent > 0)
		buffer_add_format(out, ", %d silent", standing->silent);
	if (standing->one_document && standing->standing != STANDING_UNSUPPORTED)
		buffer_add_string(out, ", one document");
}

int64_t standing_next_conflict(
	struct standings *standings, int64_t after, bool backwards, struct error *error)
{
	struct claims *claims = &standings->claims;
	size_t count = claims->count;
	/* Where the walk begins: the first claim above `after`, or the last one below it. */
	size_t at = 0;
	while (at < count &&
		(backwards ? claims->items[at].id < after : claims->items[at].id <= after))
		at++;
	for (size_t step = 0; step < count; step++) {
		size_t i = backwards ? (at + count - 1 - step) % count : (at + step) % count;
		struct claim_standing standing;
		if (!compute(claims, &claims->items[i], &standing, error))
			return -1;
		if (standing.standing == STANDING_DISPUTED || standing.standing == STANDING_TENSION)
			return claims->items[i].id;
	}
	return 0;
}
