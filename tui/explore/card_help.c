/* Help, made from the command table. */
#include "explore/card.h"
#include "explore/commands.h"
#include "explore/session.h"

/* What stands in lists and in the header, in UTF-8 and in ASCII. */
static const struct {
	const char *sign;
	const char *ascii;
	const char *words;
} legend[] = {
	{"B", "B", "the basis of a row: o observed, r reported, i inferred, p placeholder"},
	{"+ -", "+ -", "rows that differ only as placeholders, folded and unfolded (Enter)"},
	{"\u2013", "-", "not stated"},
	{"i", "i", "behind words: they are read as a date, which is our reading"},
	{"z?", "z?", "behind a stamp: its zone is not known, and need not be the header's"},
	{"*", "*", "a hit of the search"},
	{"\u2022", "o", "linked to the selected record"},
	{"\u25b8", ">", "the chosen row, the chosen column; ^ and v: sorted by it"},
	{"< >", "< >", "beside the headings: there are more columns that way (h l)"},
	{"! ~ = . ?", "! ~ = . ?",
		"a claim: disputed, in tension, uncontested, single source, unsupported"},
	{"#", "#", "a claim that states a count"},
	{"ph.", "ph.", "placeholders: they stand for what was counted and not named"},
	{"R W", "R W", "the case is open for reading only, for writing"},
};

static void add_planned(struct card *card)
{
	int rows;
	const struct command_planned *planned = command_planned_table(&rows);
	card_add_string(card, NULL, "Keys kept for what is not there yet", CARD_HEADING);
	for (int i = 0; i < rows; i++) {
		struct buffer keys = {0};
		keymap_caps_text(span_string(planned[i].keys), 0, &keys);
		if (keys.length > 0 && !buffer_failed(&keys))
			card_add_string(card, keys.data, planned[i].help, CARD_DIM);
		buffer_free(&keys);
	}
}

void card_help(struct card *card, const struct session *session, unsigned where)
{
	int commands;
	const struct command *table = command_table(&commands);
	card_add_string(card, NULL, "Keys that work where you were", CARD_HEADING);
	for (int i = 0; i < commands; i++) {
		if (!(table[i].where & where))
			continue;
		struct buffer keys = {0};
		keymap_caps(&session->keymap, &table[i], 0, &keys);
		if (keys.length > 0 && !buffer_failed(&keys))
			card_add_string(card, keys.data, table[i].help, CARD_PLAIN);
		buffer_free(&keys);
	}
	card_add_string(card, "12G  5j", "a number before a motion repeats it, or names a line",
		CARD_PLAIN);
	card_add_string(card, "C-z", "suspend; fg in the shell comes back", CARD_PLAIN);
	card_blank(card);
	card_add_string(card, NULL, "Signs", CARD_HEADING);
	for (size_t i = 0; i < ARRAY_LENGTH(legend); i++)
		card_add_string(card, session->ascii ? legend[i].ascii : legend[i].sign,
			legend[i].words, CARD_PLAIN);
	card_blank(card);
	add_planned(card);
	card_blank(card);
	card_add_string(card, NULL, "Colour only repeats what a letter or sign says.", CARD_DIM);
}
