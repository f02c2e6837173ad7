/* Help, made from the command table. */
#include "explore/card.h"
#include "explore/commands.h"
#include "explore/session.h"

#include <stdio.h>
#include <string.h>

/* Keys as they are written on them: "j <Down> <lt>" to "j  Down  <". */
static void keys_text(const char *keys, char *text, size_t size)
{
	size_t length = 0;
	for (const char *at = keys; *at && length + 8 < size; at++) {
		if (*at == ' ') {
			text[length++] = ' ';
			text[length++] = ' ';
		} else if (strncmp(at, "<lt>", 4) == 0) {
			text[length++] = '<';
			at += 3;
		} else if (*at == '<' || (*at == '>' && at > keys && at[-1] != ' ')) {
			continue;
		} else {
			text[length++] = *at;
		}
	}
	text[length] = '\0';
}

void card_help(struct card *card, const struct session *session, unsigned where)
{
	static const char *const legend[][2] = {
		{"B", "the basis of a row: o observed, r reported, i inferred, p placeholder"},
		{"+ -", "rows that differ only as placeholders, folded and unfolded (Enter)"},
		{"*", "a hit of the search"},
		{"o", "linked to the selected record"},
		{"! ~ = . ?",
			"a claim: disputed, in tension, uncontested, single source, unsupported"},
		{"#", "a claim that states a count"},
		{NULL, NULL},
	};
	int commands;
	const struct command *table = command_table(&commands);
	card_add_string(card, NULL, "Keys that work where you were", CARD_HEADING);
	for (int i = 0; i < commands; i++) {
		if (!(table[i].where & where))
			continue;
		char keys[96];
		struct buffer all = {0};
		keymap_keys(&session->keymap, &table[i], &all);
		keys_text(all.data ? all.data : "", keys, sizeof keys);
		if (keys[0])
			card_add_string(card, keys, table[i].help, CARD_PLAIN);
		buffer_free(&all);
	}
	card_add_string(card, "12G  5j", "a number before a motion repeats it, or names a line",
		CARD_PLAIN);
	card_blank(card);
	card_add_string(card, NULL, "Signs in lists", CARD_HEADING);
	for (int i = 0; legend[i][0]; i++)
		card_add_string(card, legend[i][0], legend[i][1], CARD_PLAIN);
	card_blank(card);
	card_add_string(card, NULL, "Colour only repeats what a letter or sign says.", CARD_DIM);
}
