/* The words that the rules know, as data, and how they are looked up. */
#include "speech_parts.h"

#include "base/memory.h"
#include "base/table_hash.h"

static const struct {
	uint64_t classes;
	const char *words;
} words[] = {
	{WORD_DETERMINER,
		"a an the this these those its his her their our my your another some any "
		"every each several many most both one two three four five six seven eight "
		"nine ten"},
	{WORD_SUBJECT, "i we he she they it you"},
	{WORD_FIRST, "i we"},
	{WORD_PERSONAL, "he she"},
	{WORD_BE, "am is are was were be been being isn't aren't wasn't weren't"},
	{WORD_HAVE, "have has had haven't hasn't hadn't"},
	{WORD_DO, "do does did don't doesn't didn't"},
	{WORD_MODAL, "can cannot can't could couldn't will won't would wouldn't shall should "
		     "shouldn't may might must"},
	{WORD_FUTURE, "will would could shall won't wouldn't couldn't"},
	{WORD_MAY, "may might must should shouldn't"},
	{WORD_NOT, "not never cannot can't couldn't won't wouldn't shouldn't don't doesn't didn't "
		   "isn't aren't wasn't weren't haven't hasn't hadn't"},
	{WORD_PREPOSITION, "of in on at for from by with to into about after before during since "
			   "until under over "
			   "between among against within without through towards despite following "
			   "via as amid "
			   "across near outside inside behind than early late per"},
	{WORD_AND, "and or nor"},
	{WORD_BUT, "but yet"},
	{WORD_CONCEDE, "although though while whereas"},
	{WORD_CONDITION,
		"if unless when whenever until once before after because since whether lest "
		"where"},
	{WORD_QUESTION, "whether how why what when where who which if"},
	{WORD_RELATIVE, "who which whose whom"},
	{WORD_THAT, "that"},
	{WORD_TIME,
		"today yesterday tomorrow tonight now then later earlier recently again overnight"},
	{WORD_MONTH, "january february march april may june july august september october november "
		     "december jan feb mar apr jun jul aug sep sept oct nov dec"},
	{WORD_WEEKDAY, "monday tuesday wednesday thursday friday saturday sunday"},
	{WORD_ADVERB,
		"also further then however meanwhile still even just only again later earlier "
		"already now today yesterday though moreover furthermore nevertheless "
		"nonetheless instead too first afterwards neither once ever here there so "
		"itself himself herself themselves indeed thus therefore similarly additionally "
		"always often"},
	{WORD_PERSON,
		"spokesman spokeswoman spokesperson official chief executive director manager "
		"minister "
		"secretary president officer lawyer attorney analyst expert researcher professor "
		"head "
		"chairman chairwoman chair mayor steward supervisor representative person man "
		"woman "
		"employee engineer prosecutor judge detective inspector commissioner senator "
		"member "
		"colleague witness source insider adviser advisor consultant journalist reporter "
		"founder "
		"owner editor governor leader ceo ciso cto cfo deputy ambassador sergeant "
		"investigator technician administrator contractor worker resident customer victim "
		"shareholder student teacher doctor nurse scientist specialist negotiator auditor "
		"ombudsman counsel counsellor superintendent mr mrs ms dr prof sir lord lady"},
	{WORD_PERSON | WORD_PLURAL, "people police staff men women"},
	{WORD_DOCUMENT,
		"statement report letter notice release article review memo memorandum email "
		"e-mail message post guide document filing note paper bulletin advisory "
		"announcement ruling complaint lawsuit summary transcript leaflet blog page tweet "
		"story submission audit manual communique circular inquiry"},
	{WORD_BODY, "company firm ministry agency authority union association bank hospital lab "
		    "laboratory university department board committee council group government "
		    "provider supplier operator controller regulator court institute office "
		    "commission corporation corp inc ltd plc bureau parliament team manufacturer "
		    "maker retailer insurer vendor organisation organization charity foundation "
		    "federation party unit service network newspaper daily management cabinet "
		    "centre center gang industries electric systems group holdings technologies "
		    "energy telecom "
		    "media motors rail hosting software solutions networks pharma insurance "
		    "laboratories bancorp "
		    "airlines airways railways logistics partners associates"},
	{WORD_COMPANY, "company firm corporation manufacturer maker business"},
	{WORD_INSTRUMENT, "log dashboard alert sensor monitor screen record graph diagram chart "
			  "map footage camera "
			  "evidence trace scan scanner system tool software clock timestamp list "
			  "meter table trail "
			  "pattern handwriting telemetry siem data server terminal sign label"},
	{WORD_SAYING, "claim statement number figure assurance allegation accusation suggestion "
		      "report estimate remark comment denial notice account charge criticism idea "
		      "notion rumour rumor version description count it this them assertion "
		      "speculation demand request call responsibility credit"},
	{WORD_ANSWER, "answer reply response reason comment detail mention explanation view figure "
		      "reference statement information word opinion position"},
	{WORD_VIEW, "view opinion position"},
	{WORD_NOBODY, "nobody nothing none no"},
	{WORD_HEDGE,
		"may might could possibly probably likely unlikely perhaps apparently allegedly "
		"reportedly seems seemed appears appeared suspected presumably potentially "
		"believed possibility likelihood maybe purportedly seemingly conceivably"},
	{WORD_FALSE, "wrong false untrue incorrect baseless unfounded unlikely inaccurate"},
	{WORD_TITLE,
		"mr mrs ms dr prof gen sen rep gov col lt sgt st rev hon messrs capt no nos fig "
		"vs e.g i.e cf approx"},
	{WORD_SHORTENED, "jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd llc plc "
			 "u.s u.k u.n "
			 "a.m p.m etc al bros dept est ave blvd jr sr d.c e.u art sec para"},
	{WORD_MEANS, "telephone phone letter email e-mail post mail text fax courier radio video"},
	{WORD_FIELD, "date to from subject contact cc re time place location about note press "
		     "enquiries inquiries phone email tel fax web website source title "
		     "reference what why how when where update summary background example warning "
		     "deadline status editor figure table"},
	{WORD_NAMING,
		"called named entitled titled dubbed nicknamed termed headed labelled labeled "
		"call marked name product heading headline title section"},
	{WORD_PLAN, "plan schedule need size law custom rank type age order taste whether how what "
		    "which"},
	{WORD_GIVE, "gave give gives given make makes made offer offers offered send sends sent "
		    "express expresses expressed provide provides provided"},
	{WORD_GET, "had received got have has receive"},
	{WORD_MILD,
		"more longer fewer less later doubt only just merely least yet impossible matter"},
};

#define SAYS (TAKES_THAT | TAKES_CLAUSE | TAKES_QUOTE | TAKES_BEFORE)
#define TELLS (SAYS | TAKES_PERSON)
#define ASKS (TAKES_THAT | TAKES_TO | TAKES_QUOTE)
#define DOES (TAKES_THAT | TAKES_QUOTE)

static const struct verb verbs[] = {
	{"say", "says", "said", NULL, SAYS | TAKES_ANY | ALSO_SAID, SPEECH_ASSERTS},
	{"tell", "tells", "told", NULL, TELLS | TAKES_ANY | TAKES_TO, SPEECH_ASSERTS},
	{"state", "states", "stated", NULL, SAYS, SPEECH_ASSERTS},
	{"add", "adds", "added", NULL, SAYS, SPEECH_ASSERTS},
	{"claim", "claims", "claimed", NULL, SAYS | TAKES_CLAIM | TAKES_TO | ALSO_SAID,
		SPEECH_ASSERTS},
	{"note", "notes", "noted", NULL, SAYS, SPEECH_ASSERTS},
	{"clarify", "clarifies", "clarified", NULL, SAYS, SPEECH_ASSERTS},
	{"explain", "explains", "explained", NULL, SAYS, SPEECH_ASSERTS},
	{"confirm", "confirms", "confirmed", NULL, SAYS | TAKES_OBJECT, SPEECH_ASSERTS},
	{"acknowledge", "acknowledges", "acknowledged", NULL, SAYS | TAKES_OBJECT | ADMITS,
		SPEECH_ASSERTS},
	{"admit", "admits", "admitted", NULL, SAYS | TAKES_OBJECT | ADMITS, SPEECH_ASSERTS},
	{"concede", "concedes", "conceded", NULL, SAYS | ADMITS, SPEECH_ASSERTS},
	{"accept", "accepts", "accepted", NULL, TAKES_THAT | ADMITS, SPEECH_ASSERTS},
	{"agree", "agrees", "agreed", NULL, DOES, SPEECH_ASSERTS},
	{"maintain", "maintains", "maintained", NULL, DOES | TAKES_BEFORE, SPEECH_ASSERTS},
	{"insist", "insists", "insisted", NULL, SAYS, SPEECH_ASSERTS},
	{"argue", "argues", "argued", NULL, SAYS, SPEECH_ASSERTS},
	{"report", "reports", "reported", NULL, SAYS | ALSO_SAID, SPEECH_ASSERTS},
	{"announce", "announces", "announced", NULL, SAYS | TAKES_OBJECT, SPEECH_ASSERTS},
	{"declare", "declares", "declared", NULL, SAYS, SPEECH_ASSERTS},
	{"disclose", "discloses", "disclosed", NULL, SAYS | TAKES_OBJECT, SPEECH_ASSERTS},
	{"reveal", "reveals", "revealed", NULL, SAYS, SPEECH_ASSERTS},
	{"stress", "stresses", "stressed", NULL, SAYS, SPEECH_ASSERTS},
	{"emphasise", "emphasises", "emphasised", NULL, SAYS, SPEECH_ASSERTS},
	{"emphasize", "emphasizes", "emphasized", NULL, SAYS, SPEECH_ASSERTS},
	{"underline", "underlines", "underlined", NULL, DOES, SPEECH_ASSERTS},
	{"suggest", "suggests", "suggested", NULL, SAYS, SPEECH_ASSERTS},
	{"allege", "alleges", "alleged", NULL, SAYS | ALSO_SAID, SPEECH_ASSERTS},
	{"assert", "asserts", "asserted", NULL, SAYS, SPEECH_ASSERTS},
	{"contend", "contends", "contended", NULL, SAYS, SPEECH_ASSERTS},
	{"observe", "observes", "observed", NULL, TAKES_QUOTE, SPEECH_ASSERTS},
	{"remark", "remarks", "remarked", NULL, SAYS, SPEECH_ASSERTS},
	{"comment", "comments", "commented", NULL, DOES | TAKES_BEFORE, SPEECH_ASSERTS},
	{"reply", "replies", "replied", NULL, SAYS, SPEECH_ASSERTS},
	{"answer", "answers", "answered", NULL, SAYS, SPEECH_ASSERTS},
	{"respond", "responds", "responded", NULL, SAYS, SPEECH_ASSERTS},
	{"recall", "recalls", "recalled", NULL, SAYS, SPEECH_ASSERTS},
	{"submit", "submits", "submitted", NULL, DOES, SPEECH_ASSERTS},
	{"testify", "testifies", "testified", NULL, SAYS, SPEECH_ASSERTS},
	{"write", "writes", "wrote", "written", DOES | TAKES_BEFORE, SPEECH_ASSERTS},
	{"read", "reads", "read", NULL, TAKES_QUOTE | TAKES_BEFORE | ONLY_DOCUMENT, SPEECH_ASSERTS},
	{"continue", "continues", "continued", NULL, TAKES_QUOTE, SPEECH_ASSERTS},
	{"repeat", "repeats", "repeated", NULL, DOES, SPEECH_ASSERTS},
	{"reiterate", "reiterates", "reiterated", NULL, SAYS, SPEECH_ASSERTS},
	{"point", "points", "pointed", NULL, SAYS | ONLY_OUT, SPEECH_ASSERTS},
	{"rule", "rules", "ruled", NULL, TAKES_THAT | TAKES_OBJECT | ONLY_OUT, SPEECH_ASSERTS},
	{"predict", "predicts", "predicted", NULL, SAYS, SPEECH_ASSERTS},
	{"hint", "hints", "hinted", NULL, SAYS, SPEECH_ASSERTS},
	{"boast", "boasts", "boasted", NULL, SAYS, SPEECH_ASSERTS},
	{"complain", "complains", "complained", NULL, SAYS, SPEECH_ASSERTS},
	{"protest", "protests", "protested", NULL, SAYS, SPEECH_ASSERTS},
	{"joke", "jokes", "joked", NULL, SAYS, SPEECH_ASSERTS},
	{"tweet", "tweets", "tweeted", NULL, SAYS, SPEECH_ASSERTS},
	{"inform", "informs", "informed", NULL, DOES | TAKES_PERSON, SPEECH_ASSERTS},
	{"notify", "notifies", "notified", NULL, TAKES_THAT | TAKES_PERSON, SPEECH_ASSERTS},
	{"assure", "assures", "assured", NULL, TELLS, SPEECH_ASSERTS},
	{"warn", "warns", "warned", NULL, TELLS | TAKES_OBJECT | TAKES_TO, SPEECH_ASSERTS},
	{"caution", "cautions", "cautioned", NULL, TELLS, SPEECH_ASSERTS},
	{"remind", "reminds", "reminded", NULL, ASKS | TAKES_PERSON, SPEECH_OTHER},
	{"revise", "revises", "revised", NULL, TAKES_TO, SPEECH_ASSERTS},
	{"correct", "corrects", "corrected", NULL, TAKES_TO, SPEECH_ASSERTS},
	{"put", "puts", "put", NULL, TAKES_AT, SPEECH_ASSERTS},
	{"call", "calls", "called", NULL, TAKES_NAME | TAKES_ON, SPEECH_ASSERTS},
	{"describe", "describes", "described", NULL, TAKES_NAME, SPEECH_ASSERTS},
	{"brand", "brands", "branded", NULL, TAKES_NAME, SPEECH_ASSERTS},
	{"accuse", "accuses", "accused", NULL, TAKES_OF, SPEECH_ASSERTS},
	{"blame", "blames", "blamed", NULL, TAKES_OBJECT, SPEECH_ASSERTS},
	{"criticise", "criticises", "criticised", NULL, TAKES_OBJECT, SPEECH_ASSERTS},
	{"criticize", "criticizes", "criticized", NULL, TAKES_OBJECT, SPEECH_ASSERTS},
	{"deny", "denies", "denied", NULL, SAYS | TAKES_OBJECT, SPEECH_DENIES},
	{"dispute", "disputes", "disputed", NULL, TAKES_THAT | TAKES_CLAIM, SPEECH_DENIES},
	{"reject", "rejects", "rejected", NULL, TAKES_CLAIM, SPEECH_DENIES},
	{"refute", "refutes", "refuted", NULL, TAKES_CLAIM, SPEECH_DENIES},
	{"dismiss", "dismisses", "dismissed", NULL, TAKES_CLAIM, SPEECH_DENIES},
	{"contradict", "contradicts", "contradicted", NULL, TAKES_CLAIM, SPEECH_DENIES},
	{"ask", "asks", "asked", NULL, ASKS | TAKES_BEFORE | TAKES_PERSON, SPEECH_OTHER},
	{"wonder", "wonders", "wondered", NULL, TAKES_QUOTE, SPEECH_OTHER},
	{"urge", "urges", "urged", NULL, ASKS | TAKES_PERSON | TAKES_OBJECT, SPEECH_OTHER},
	{"advise", "advises", "advised", NULL, ASKS | TAKES_PERSON, SPEECH_OTHER},
	{"recommend", "recommends", "recommended", NULL, ASKS | TAKES_OBJECT, SPEECH_OTHER},
	{"demand", "demands", "demanded", NULL, ASKS | TAKES_OBJECT, SPEECH_OTHER},
	{"request", "requests", "requested", NULL, TAKES_THAT, SPEECH_OTHER},
	{"order", "orders", "ordered", NULL, TAKES_TO, SPEECH_OTHER},
	{"instruct", "instructs", "instructed", NULL, TAKES_TO, SPEECH_OTHER},
	{"promise", "promises", "promised", NULL, SAYS | TAKES_TO | TAKES_OBJECT, SPEECH_OTHER},
	{"pledge", "pledges", "pledged", NULL, SAYS | TAKES_TO | TAKES_OBJECT, SPEECH_OTHER},
	{"vow", "vows", "vowed", NULL, SAYS | TAKES_TO, SPEECH_OTHER},
	{"undertake", "undertakes", "undertook", "undertaken", TAKES_TO, SPEECH_OTHER},
	{"apologise", "apologises", "apologised", NULL,
		DOES | TAKES_OBJECT | TAKES_NOTHING | ALONGSIDE, SPEECH_OTHER},
	{"apologize", "apologizes", "apologized", NULL,
		DOES | TAKES_OBJECT | TAKES_NOTHING | ALONGSIDE, SPEECH_OTHER},
	{"regret", "regrets", "regretted", NULL, TAKES_THAT | TAKES_OBJECT | ALONGSIDE,
		SPEECH_OTHER},
	{"withdraw", "withdraws", "withdrew", "withdrawn", TAKES_CLAIM, SPEECH_OTHER},
	{"retract", "retracts", "retracted", NULL, TAKES_CLAIM, SPEECH_OTHER},
	{"decline", "declines", "declined", NULL, TAKES_TO | TAKES_CLAIM, SPEECH_DECLINES},
	{"refuse", "refuses", "refused", NULL, TAKES_TO, SPEECH_DECLINES},
	{"name", "names", "named", NULL, TAKES_OBJECT | ONLY_NEGATED, SPEECH_SILENT},
	{"identify", "identifies", "identified", NULL, TAKES_OBJECT | ONLY_NEGATED, SPEECH_SILENT},
	{"mention", "mentions", "mentioned", NULL, TAKES_OBJECT | TAKES_THAT | ONLY_NEGATED,
		SPEECH_SILENT},
	{"discuss", "discusses", "discussed", NULL, TAKES_OBJECT | ONLY_NEGATED, SPEECH_SILENT},
	{"elaborate", "elaborates", "elaborated", NULL, TAKES_OBJECT | TAKES_NOTHING | ONLY_NEGATED,
		SPEECH_SILENT},
	{"specify", "specifies", "specified", NULL, TAKES_OBJECT | TAKES_THAT | ONLY_NEGATED,
		SPEECH_SILENT},
	{"address", "addresses", "addressed", NULL, TAKES_OBJECT | ONLY_NEGATED, SPEECH_SILENT},
	{"return", "returns", "returned", NULL, TAKES_CLAIM | ONLY_NEGATED, SPEECH_SILENT},
	{"go", "goes", "went", "gone", TAKES_OBJECT | ONLY_NEGATED, SPEECH_SILENT},
};

/* The word's slot, or the free one where it would stand; the table is never full. Its words are our
 * own: it needs no seed. */
static size_t slot(const struct lexicon *lexicon, const char *text, size_t length)
{
	size_t at = table_hash_bytes(0, span_of(text, length)) % LEXICON_SLOTS;
	while (lexicon->slots[at].text &&
		(lexicon->slots[at].length != length ||
			memcmp(lexicon->slots[at].text, text, length) != 0))
		at = (at + 1) % LEXICON_SLOTS;
	return at;
}

static struct word *enter(struct lexicon *lexicon, const char *text, size_t length)
{
	struct word *word = &lexicon->slots[slot(lexicon, text, length)];
	word->text = text;
	word->length = length;
	return word;
}

static void enter_form(
	struct lexicon *lexicon, const char *text, const struct verb *verb, enum verb_form form)
{
	struct word *word = enter(lexicon, text, strlen(text));
	word->verb = verb;
	word->forms |= form;
}

struct lexicon *speech_lexicon_new(void)
{
	struct lexicon *lexicon = memory_array(1, sizeof *lexicon);
	if (!lexicon)
		return NULL;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		const char *at = words[i].words;
		while (*at) {
			size_t length = strcspn(at, " ");
			enter(lexicon, at, length)->classes |= words[i].classes;
			at += length + (at[length] == ' ');
		}
	}
	for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
		const struct verb *verb = &verbs[i];
		enter_form(lexicon, verb->base, verb, FORM_BASE);
		enter_form(lexicon, verb->third, verb, FORM_THIRD);
		enter_form(lexicon, verb->past, verb, FORM_PAST);
		enter_form(lexicon, verb->participle ? verb->participle : verb->past, verb,
			FORM_PARTICIPLE);
	}
	return lexicon;
}

/* Lower case, apostrophes straight; 0 when the word is too long for any table. */
static size_t normalise(struct span word, char out[WORD_SIZE])
{
	size_t length = 0;
	for (size_t i = 0; i < word.length; i++) {
		char byte = word.data[i];
		if (i + 2 < word.length && memcmp(word.data + i, "\xe2\x80\x99", 3) == 0) {
			byte = '\'';
			i += 2;
		}
		if (length == WORD_SIZE)
			return 0;
		out[length++] = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
	}
	return length;
}

#define WORD_NOUNS                                                                               \
	(WORD_PERSON | WORD_DOCUMENT | WORD_BODY | WORD_INSTRUMENT | WORD_SAYING | WORD_ANSWER | \
		WORD_PLAN | WORD_FIELD | WORD_COMPANY)

const struct word *speech_lookup(const struct lexicon *lexicon, struct span word, uint64_t *classes)
{
	char text[WORD_SIZE];
	*classes = 0;
	size_t length = normalise(word, text);
	if (length == 0)
		return NULL;
	const struct word *found = &lexicon->slots[slot(lexicon, text, length)];
	if (!found->text && length > 2 && memcmp(text + length - 2, "'s", 2) == 0)
		found = &lexicon->slots[slot(lexicon, text, length -= 2)];
	else if (!found->text && length > 3 && text[length - 1] == '\'')
		found = &lexicon->slots[slot(lexicon, text, length -= 1)];
	if (found->text)
		*classes = found->classes;
	if (length > 3 && text[length - 1] == 's') {
		size_t cut = length - 1;
		if (length > 4 && memcmp(text + length - 3, "ies", 3) == 0) {
			cut = length - 2;
			text[cut - 1] = 'y';
		}
		const struct word *one = &lexicon->slots[slot(lexicon, text, cut)];
		if (one->text && (one->classes & WORD_NOUNS))
			*classes |= (one->classes & WORD_NOUNS) | WORD_PLURAL;
	}
	return found->text ? found : NULL;
}
