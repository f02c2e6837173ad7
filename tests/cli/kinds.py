"""Threat intelligence of other people's, held record by record against Python's own reading of it.

    kinds.py BREACHX FOLDER FILE...

Of every file the records of each kind are counted here, by the rules that the formats and a case
have, and compared with what an import into an empty case says it made; of STIX and MISP the links
that the file states, too.
"""
import collections
import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata

NAMED = {"actor", "technique", "site", "host", "account", "party", "indicator"}


def normal(name):
    return " ".join(unicodedata.normalize("NFC", name).split())


class Records:
    """What a case holds: of named kinds one record a name, of others one a key."""

    def __init__(self):
        self.kinds = collections.defaultdict(set)
        self.attack = {}
        self.links = collections.Counter()
        self.count = 0

    def add(self, kind, name, key=None, attack_id=None):
        if kind in NAMED:
            name = normal(name)
            if kind == "indicator":
                name = refanged(name)
            if kind == "technique" and attack_id:
                first = self.attack.setdefault(name, attack_id)
                name = name if first == attack_id else "%s (%s)" % (name, attack_id)
            key = name
        elif key is None:
            self.count += 1
            key = self.count
        self.kinds[kind].add(key)

    def counts(self):
        return {kind: len(keys) for kind, keys in self.kinds.items() if keys}


def refanged(value):
    if re.search(r"[\s'\"<>`^*\\]", value):
        return value
    value = re.sub(r"^hxxp", "http", value, flags=re.I)
    value = re.sub(r"\[(\.|:|@|/|://)\]|[({]([.@])[)}]", lambda m: m.group(1) or m.group(2), value)
    return re.sub(r"[\[(]dot[\])]", ".", re.sub(r"[\[(]at[\])]", "@", value, flags=re.I), flags=re.I)


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def at(value, path):
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]


# ---- STIX ----

STIX = {
    "actor": "intrusion-set threat-actor",
    "incident": "campaign incident",
    "technique": "attack-pattern x-mitre-tactic",
    "indicator": "malware tool infrastructure vulnerability indicator ipv4-addr ipv6-addr "
                 "domain-name url email-addr mac-addr mutex windows-registry-key "
                 "autonomous-system x509-certificate file artifact directory software "
                 "email-message",
    "party": "identity",
    "site": "location",
    "event": "observed-data sighting process network-traffic",
    "statement": "note opinion",
    "account": "user-account",
    None: "relationship",
}
STIX_KIND = {kind: name for name, kinds in STIX.items() for kind in kinds.split()}
STIX_NAME = {
    "file": "hashes.SHA-256 hashes.SHA-1 hashes.MD5 hashes.SHA-512 hashes.SSDEEP name",
    "location": "name city administrative_area country region",
    "windows-registry-key": "key", "autonomous-system": "number",
    "user-account": "account_login display_name user_id", "directory": "path",
    "email-message": "message_id subject",
    "artifact": "hashes.SHA-256 hashes.SHA-1 hashes.MD5 url",
    "x509-certificate": "hashes.SHA-256 hashes.SHA-1 hashes.MD5 serial_number subject",
}
COMPARED = re.compile(r"([\w-]+):((?:'(?:\\.|[^'\\])*'|[\w.\[\]*-])+)\s*=\s*'((?:\\.|[^'\\])*)'")


def stix_kind(name):
    return STIX_KIND.get(name, "document")


def stix_name(thing):
    paths = STIX_NAME.get(thing["type"], "name value").split()
    return next((text(at(thing, path)) for path in paths if text(at(thing, path))),
                text(thing.get("id")))


def stix_objects(value):
    for thing in value.get("objects", []) if isinstance(value, dict) and "objects" in value \
            and value.get("type") != "observed-data" else listed(value):
        if thing.get("type") == "bundle":
            yield from stix_objects(thing)
        else:
            yield thing


def stix_references(thing):
    for key, value in thing.items():
        if key.endswith(("_ref", "_refs")) and key not in ("object_marking_refs",
                                                           "x_mitre_modified_by_ref"):
            for reference in filter(None, listed(value)):
                kind = re.sub("_refs?$", "", key)
                yield "mentions" if key == "object_refs" else kind, reference


def stix_record(records, thing):
    kind = stix_kind(thing["type"])
    values = []
    if thing["type"] == "indicator" and thing.get("pattern_type", "stix") == "stix":
        values = [re.sub(r"\\(.)", r"\1", match.group(3))
                  for match in COMPARED.finditer(thing["pattern"])]
    for value in values or [stix_name(thing)]:
        mitre = [reference.get("external_id")
                 for reference in thing.get("external_references", [])
                 if reference.get("source_name", "").startswith("mitre")]
        records.add(kind, value, thing.get("id"), (mitre or [None])[0])
    if thing["type"] == "observed-data":
        inner = thing.get("objects", {})
        for number, part in inner.items():
            records.links["observed"] += 1
            records.links.update(kind for kind, to in stix_references(part) if to in inner)
            stix_record(records, dict(part, id=part.get("id", "%s %s" % (thing["id"], number))))


def stix(value, records):
    things = {}
    for thing in stix_objects(value):
        # A relationship or an event of the same version is the same.
        known = things.get(thing.get("id"))
        if not known or thing.get("modified", "") > known.get("modified", ""):
            things[thing.get("id", len(things))] = thing
    missing = set()
    for thing in things.values():
        references = list(stix_references(thing))
        if thing["type"] == "relationship":
            references = [(None, thing["source_ref"]), (None, thing["target_ref"])]
            records.links[thing["relationship_type"]] += 1
        elif thing["type"] == "identity":
            references = []
        else:
            records.links.update(kind for kind, to in references
                                 if stix_kind(to.split("--")[0]))
        missing.update(to for _, to in references if to not in things)
        if thing["type"] != "relationship":
            stix_record(records, thing)
    for reference in missing:
        kind = stix_kind(reference.split("--")[0])
        if kind:
            records.add(kind, reference, reference)


# ---- MISP ----

WORDS = "text comment other campaign-name campaign-id anonymised boolean counter datetime float " \
        "mime-type size-in-bytes".split()
MISP_KIND = dict({word: "statement" for word in WORDS}, **{
    "link": "document", "threat-actor": "actor", "target-org": "party", "target-user": "account",
    "target-machine": "host", "target-location": "site"})
SEARCHABLE = "domain hostname ip-dst ip-src url email-src email-dst email regkey mutex " \
             "vulnerability".split()
NAMING = {"party": ["name", "commercial-name"],
          "account": "username user-id full-name display-name alias email last-name "
                     "first-name".split(),
          "site": "city address region country countrycode".split()}
CLUSTERS = [("actor", "threat-actor|intrusion-set|activity-group"),
            ("technique", "attack-pattern|tactic"),
            ("indicator", "malware|malpedia|ransomware|tool|software|backdoor|banker|botnet|"
                          "stealer|miner|exploit-kit|vulnerability|^(rat|tds|android)$"),
            ("site", "^(country|region)$")]


def misp_events(value):
    if isinstance(value, list):
        for item in value:
            yield from misp_events(item)
    elif "response" in value:
        yield from misp_events(value["response"])
    else:
        yield value.get("Event", value)


def gone(part):
    return text(part.get("deleted")).lower() in ("1", "true")


def cluster(records, thing, kinds_of=None, category=""):
    kind = next((kind for kind, words in CLUSTERS if re.search(words, kinds_of or thing["type"])),
                {"actor": "actor", "attack-pattern": "technique", "tool": "indicator",
                 "malware": "indicator"}.get(category, "document"))
    cut = re.match(r"(.*) - ([TGSM]\d\S*)$", thing["value"])
    attack_id = at(thing, "meta.external_id") or (cut and cut.group(2))
    records.add(kind, cut.group(1) if cut else thing["value"],
                (thing.get("type"), thing["value"]), (listed(attack_id) or [None])[0])
    return kind


class Event:
    """One MISP event, and what its parts are known by."""

    def __init__(self, records, value):
        self.records, self.known, self.wanted = records, set(), []
        records.add("incident", value["info"], value.get("uuid"))
        for organisation in (value.get("Orgc"), value.get("Org")):
            if organisation and organisation.get("name"):
                records.add("party", organisation["name"])
        self.galaxies(value)
        for attribute in value.get("Attribute", []):
            if not gone(attribute) and attribute["value"].strip():
                self.parts(attribute)
                self.attribute(attribute)
        for thing in value.get("Object", []):
            if not gone(thing):
                self.object(thing)
        for report in value.get("EventReport", []):
            if not gone(report):
                records.add("document", report["name"])
        for uuid in {to for to in self.wanted if to not in self.known}:
            records.add("indicator", uuid)

    def galaxies(self, value):
        for galaxy in value.get("Galaxy", []):
            for thing in galaxy.get("GalaxyCluster", []):
                if thing["value"]:
                    kind = cluster(self.records, thing)
                    self.records.links[{"actor": "attributed_to", "technique": "uses",
                                        "indicator": "uses"}.get(kind, "mentions")] += 1

    def parts(self, attribute):
        self.galaxies(attribute)
        for sighting in attribute.get("Sighting", []):
            self.records.add("event", "", sighting.get("uuid"))
            self.records.links["sighting_of"] += 1

    def value(self, kind, value, uuid):
        self.records.add(MISP_KIND.get(kind, "indicator"), value, uuid)

    def attribute(self, attribute):
        kind, value = attribute["type"], attribute["value"]
        self.known.add(attribute["uuid"])
        self.records.links["attribute"] += 1
        parts = "filename|md5" if kind == "malware-sample" else kind
        if "|" not in parts or "|" not in value:
            self.value(kind, value, attribute["uuid"])
            return
        first, second = parts.split("|", 1)
        self.value(first, value.split("|", 1)[0], attribute["uuid"])
        if second not in ("port", "value"):
            self.value(second, value.split("|", 1)[1], attribute["uuid"] + " second")
            self.records.links["same_attribute"] += 1

    def object(self, thing):
        said = [item for item in thing.get("Attribute", [])
                if not gone(item) and item["value"].strip()]
        if not said:
            return
        self.known.add(thing["uuid"])
        self.known.update(item["uuid"] for item in said)
        self.records.links["object"] += 1
        for reference in thing.get("ObjectReference", []):
            self.wanted.append(reference["referenced_uuid"])
            self.records.links[reference["relationship_type"]] += 1
        kind = {"victim": "party", "organization": "party", "legal-entity": "party",
                "person": "account", "user-account": "account", "credential": "account",
                "geolocation": "site"}.get(thing["name"])
        named = [item for relation in NAMING.get(kind, []) for item in said
                 if item.get("object_relation") == relation]
        order = [["sha256"], ["sha1"], ["md5"], ["sha512"], SEARCHABLE + ["filename"]]
        main = (named + [item for types in order for item in said if item["type"] in types]
                + said)[0]
        name = main["value"] if named or not kind else "%s: %s" % (thing["name"], main["value"])
        self.records.add(kind or ("statement" if main["type"] in WORDS else "indicator"), name,
                         thing["uuid"])
        for item in said:
            self.parts(item)
            if item is not main and item["type"] in SEARCHABLE:
                self.value(item["type"], item["value"], item["uuid"])
                self.records.links["same_object"] += 1


def misp(value, records):
    for event in misp_events(value):
        Event(records, event)


def galaxy(value, records):
    known = {thing.get("uuid") for thing in value["values"]}
    own = None
    for thing in value["values"]:
        if thing.get("value"):
            own = cluster(records, thing, value["type"], value.get("category", ""))
    for thing in value["values"]:
        for related in thing.get("related", []):
            records.links[related["type"]] += 1
            if related["dest-uuid"] not in known:
                records.add("indicator" if related["type"] == "uses" else own,
                            related["dest-uuid"])
    records.add("document", value["name"])


# ---- VERIS ----

def stated(value):
    return text(value).strip().lower() not in ("", "unknown", "na", "other")


def veris_sites(records, victim):
    countries = [name for name in listed(victim.get("country")) if stated(name)]
    state = text(victim.get("state")).strip()
    if stated(state) and len(countries) == 1:
        records.add("site", state if "-" in state else countries[0] + "-" + state)
        return
    for place in ([state] if stated(state) else []) + countries:
        records.add("site", place)
    if not countries and not stated(state):
        for region in listed(victim.get("region")):
            if stated(region) and not region.startswith("000"):
                records.add("site", "region " + region)


def veris_people(records, incident, identity):
    for victim in listed(incident.get("victim")):
        for name in [victim.get("victim_id")] + listed(at(victim, "secondary.victim_id")):
            if stated(name):
                records.add("party", name)
        veris_sites(records, victim)
    for kind, actor in incident.get("actor", {}).items():
        variety = ", ".join(listed(actor.get("variety")))
        fallback = kind + " actor" + (": " + variety if stated(variety) else "")
        for name in listed(actor.get("name")) or [""]:
            records.add("actor", name if stated(name) else fallback)
        if kind == "partner":
            of = at(incident, "victim.victim_id")
            records.add("party", actor.get("name") or (
                "a partner of " + of if stated(of) else "a partner (%s)" % identity))


def veris_course(records, incident, identity):
    for kind, action in incident.get("action", {}).items():
        for variety in listed(action.get("variety")) or [None]:
            records.add("technique", kind + (": " + variety if variety else ""))
        for names in listed(action.get("name")) + listed(action.get("cve")):
            for name in re.split("[,;]", names):
                if stated(name):
                    records.add("indicator", name)
    for asset in at(incident, "asset.assets") or []:
        if re.match("[SUTNE] - ", asset.get("variety", "")):
            records.add("host", "%s (%s)" % (asset["variety"], identity))
    for what in ("timeline.incident", "plus.timeline.notification"):
        if text(at(incident, what + ".year")):
            records.add("event", "", (identity, what, str(at(incident, what))))
    for what in ("compromise", "exfiltration", "discovery", "containment"):
        lapse = at(incident, "timeline." + what) or {}
        if stated(lapse.get("unit")) and lapse["unit"] != "Never":
            records.add("event", "", (identity, what, str(lapse)))


def veris(value, records):
    for number, incident in enumerate(listed(value)):
        identity = text(incident.get("incident_id")).lower()
        records.add("incident", "", identity or number)
        veris_people(records, incident, identity)
        veris_course(records, incident, identity)
        for item in at(incident, "attribute.confidentiality.data") or []:
            if item.get("variety"):
                records.add("data", "", (identity, item["variety"]))
        for words in ("summary", "notes", "discovery_notes"):
            if stated(incident.get(words)):
                records.add("statement", "", (identity, words, incident[words]))
        for reference in text(incident.get("reference")).split(";"):
            if reference.strip():
                records.add("document", "", (identity, reference.strip()))


# ---- Have I Been Pwned ----

def pwned(value, records):
    for breach in value:
        records.add("incident", "", breach["Name"])
        records.add("party", breach["Domain"] or breach["Name"])
        for name in breach["DataClasses"]:
            records.add("data", name)
        if breach["Description"]:
            records.add("statement", "")


# ---- comparing ----

# By the folder that a file stands in.
READERS = {"stix": stix, "misp": misp, "veris": veris, "incidents": veris,
           "schema-tests": veris, "json": pwned, "galaxy": galaxy}


def links_of(case, wanted):
    """Links of a case by type, of the types that are wanted."""
    base = sqlite3.connect("file:%s?mode=ro" % case, uri=True)
    found = dict(base.execute("SELECT type, count(*) FROM link GROUP BY type"))
    base.close()
    return {kind: found.get(kind, 0) for kind in wanted}


def main():
    program, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    wrong = 0
    for number, path in enumerate(paths):
        with open(path, encoding="utf-8-sig") as file:
            value = json.load(file)
        records = Records()
        READERS[os.path.basename(os.path.dirname(path))](value, records)
        case = os.path.join(folder, "kinds%d.breach" % number)
        said = subprocess.run([program, "import", case, path, "--json"], capture_output=True,
                              text=True)
        made = json.loads(said.stdout.splitlines()[0])["kinds"] if said.stdout else said.stderr
        differences = [] if made == records.counts() else [
            "%s made, %s by Python" % (made, records.counts())]
        links = links_of(case, records.links) if said.stdout else {}
        differences += ["%d links %s made, %d by Python" % (links.get(kind, 0), kind, count)
                        for kind, count in sorted(records.links.items())
                        if links.get(kind, 0) != count]
        for difference in differences:
            print("%s: %s" % ("/".join(path.split("/")[-2:]), difference))
        wrong += bool(differences)
        if os.path.exists(case):
            os.remove(case)
    print("files of which the program and Python count other records: %d" % wrong)


main()
