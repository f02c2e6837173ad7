#include "palette.h"

#include "explore/commands.h"

#include <ctype.h>
#include <string.h>

int palette_score(struct span typed, const char *name)
{
	int score = 0;
	const char *at = name;
	for (size_t i = 0; i < typed.length; i++) {
		int wanted = tolower((unsigned char)typed.data[i]);
		const char *found = at;
		while (*found && tolower((unsigned char)*found) != wanted)
			found++;
		if (!*found)
			return -1;
		/* At the beginning of a word, or right behind the letter before: better. */
		if (found == name || found[-1] == '-')
			score += 8;
		else if (found == at)
			score += 4;
		at = found + 1;
	}
	/* Of two that fit alike the shorter is meant. */
	return score * 16 + 64 - (int)strnlen(name, 64);
}

void palette_match(struct session *session)
{
	struct prompt *prompt = &session->prompt;
	unsigned where = command_where(session);
	struct span typed = buffer_span(&prompt->text);
	int scores[PALETTE_MAX];
	int commands;
	const struct command *table = command_table(&commands);
	prompt->match_count = 0;
	prompt->match_at = 0;
	for (int i = 0; i < commands; i++) {
		int score = table[i].where & where ? palette_score(typed, table[i].name) : -1;
		if (score < 0)
			continue;
		/* Before anything is typed: what the bottom line holds worth a place. */
		if (typed.length == 0)
			score = table[i].brief != NULL;
		int at = prompt->match_count;
		while (at > 0 && scores[at - 1] < score)
			at--;
		if (at == PALETTE_MAX)
			continue;
		int last =
			prompt->match_count < PALETTE_MAX ? prompt->match_count++ : PALETTE_MAX - 1;
		for (int k = last; k > at; k--) {
			scores[k] = scores[k - 1];
			prompt->matches[k] = prompt->matches[k - 1];
		}
		scores[at] = score;
		prompt->matches[at] = i;
	}
}

void palette_run(struct session *session)
{
	const struct prompt *prompt = &session->prompt;
	if (prompt->match_count == 0) {
		session_complain(session, "no command fits `%s`",
			prompt->text.data ? prompt->text.data : "");
		return;
	}
	const struct command *command = &command_table(NULL)[prompt->matches[prompt->match_at]];
	session_run(session, command, 0);
}
