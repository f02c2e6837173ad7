/* The public face of speech_parts.h: a text in, a list of statements out. */
#include "speech_parts.h"

#include "base/memory.h"

void speech_list_free(struct speech_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].speaker);
		free(list->items[i].written);
		free(list->items[i].via);
		free(list->items[i].verb);
		free(list->items[i].hedges);
	}
	free(list->items);
	*list = (struct speech_list){0};
}

static bool read_paragraph(struct finder *finder, const struct paragraph *paragraph)
{
	size_t at = paragraph->label_end > 0 ? paragraph->label_end + 1 : paragraph->start;
	while (speech_next_sentence(finder, paragraph, &at))
		if (!speech_assemble(finder, paragraph))
			return false;
	return true;
}

/* A turn goes on in paragraphs without a label, up to the last turn's. */
static bool read_turn(struct finder *finder, const struct paragraph *paragraph, bool more)
{
	char first = finder->text.data[paragraph->start];
	if (paragraph->label_end > 0) {
		if (!speech_add_turn(finder, paragraph))
			return false;
	} else if (finder->turn > 0 && (!more || first == '(' || first == '[')) {
		finder->turn = more ? finder->turn : 0;
		return true;
	} else if (finder->turn > 0) {
		finder->list->items[finder->turn - 1].bytes.end = paragraph->end;
	}
	return read_paragraph(finder, paragraph);
}

static bool read_text(struct finder *finder)
{
	const struct layout *layout = &finder->layout;
	size_t last_label = 0;
	for (size_t i = 0; i < layout->count; i++)
		if (layout->items[i].label_end > 0)
			last_label = i;
	for (size_t i = 0; i < layout->count; i++) {
		const struct paragraph *paragraph = &layout->items[i];
		if (finder->listing > 0 && paragraph->item) {
			finder->list->items[finder->listing - 1].bytes.end = paragraph->end;
			continue;
		}
		finder->listing = 0;
		if (!read_turn(finder, paragraph, i < last_label))
			return false;
	}
	return true;
}

bool speech_find(struct span text, struct speech_list *list, struct error *error)
{
	*list = (struct speech_list){0};
	struct finder *finder = memory_array(1, sizeof *finder);
	if (!finder)
		return error_memory(error);
	finder->text = text;
	finder->list = list;
	finder->lexicon = speech_lexicon_new();
	bool done = finder->lexicon && speech_layout(text, finder->lexicon, &finder->layout) &&
		    speech_quotations(text, &finder->layout, &finder->quotations) &&
		    read_text(finder);
	free(finder->quotations.items);
	free(finder->layout.items);
	free(finder->lexicon);
	free(finder);
	if (done)
		return true;
	speech_list_free(list);
	return error_memory(error);
}

bool speech_paragraphs(struct span text, size_t **starts, size_t *count, struct error *error)
{
	struct layout layout = {0};
	struct lexicon *lexicon = speech_lexicon_new();
	bool done = lexicon && speech_layout(text, lexicon, &layout);
	*starts = done ? memory_array(layout.count, sizeof **starts) : NULL;
	*count = *starts ? layout.count : 0;
	for (size_t i = 0; i < *count; i++) {
		size_t start = layout.items[i].start;
		while (start > 0 && text.data[start - 1] != '\n' && text.data[start - 1] != '\r')
			start--;
		(*starts)[i] = start;
	}
	free(layout.items);
	free(lexicon);
	return *starts || error_memory(error);
}
