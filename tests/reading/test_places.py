from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.gazetteer import ELSEWHERE, gazetteer
from orebro_spiders.reading.places import MUNICIPALITIES, municipality_named, places_in
from tests.conftest import ROOT, SHARED


def test_the_county_has_twelve_municipalities_in_alphabetical_order() -> None:
    assert len(set(MUNICIPALITIES)) == 12
    assert MUNICIPALITIES[:2] + MUNICIPALITIES[-2:] == ("Askersund", "Degerfors", "Nora", "Örebro")


@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_each_is_known_by_its_name(name: str) -> None:
    for written in (name, name.upper(), name.lower(), f" {name}\n"):
        assert municipality_named(written) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Örebro län",
        "Orebro",
        "Örebro kommun",
        "Nora-Lund",
        "Noraskog",
        "Arboga",
        "Stockholm",
        "Kumlaby",
        "Laxa",
    ],
)
def test_nothing_else_is(name: str) -> None:
    assert municipality_named(name) is None


# What an article is about

NAMED = """
Askersund | Båtmässan i Askersund lockade tusen besökare
Askersund | Ny brygga byggs i Åmmeberg
Askersund | Gruvan i Zinkgruvan anställer trettio personer
Askersund | Älgolycka strax söder om Olshammar
Askersund | Askersunds kommun höjer taxan för sophämtning
Askersund | Skolan i Åsbro får ny matsal
Askersund | Traktor välte vid Rönneshytta
Askersund | Kyrkan i Snavlunda restaureras
Askersund | Hembygdsfesten i Lerbäck firar femtio år
Askersund | En villa i Mariedamm totalförstördes
Askersund | Två bilar krockade på riksväg 50 i höjd med Hammar
Askersund | Askersunds hamn fylls av veteranbåtar
Askersund | Björn sedd nära Skyllberg
Degerfors | Valsverket i Degerfors varslar
Degerfors | Degerfors kommun söker ny skolchef
Degerfors | Brand i en lada utanför Åtorp
Degerfors | Herrgården i Svartå säljs
Degerfors | Fotbollsskola på Stora Valla i sommar
Degerfors | Gräsbrand i Strömtorp släcktes snabbt
Degerfors | Degerfors badhus stängs över jul
Degerfors | Inbrott i flera garage i Duvedalen
Hallsberg | Godståg spårade ur på rangerbangården i Hallsberg
Hallsberg | Pålsboda får en ny brandstation
Hallsberg | Skolbussen körde i diket vid Sköllersta
Hallsberg | Hallsbergs kommun köper mark av Trafikverket
Hallsberg | Ladan i Östansjö byggs upp igen
Hallsberg | Föreningen i Hjortkvarn räddar butiken
Hallsberg | Vattenläcka i Vretstorp är lagad
Hallsberg | Lastbil stoppad i Svennevad
Hallsberg | Arbetsplatsolycka i Stocksätter
Hallsberg | Bilar sönderslagna i centrala Hallsberg
Hällefors | Hällefors kommun skjuter upp bygget
Hällefors | Måltidens hus i Grythyttan visar kokböcker
Hällefors | Ny ägare till Loka brunn
Hällefors | Singelolycka i Saxhyttan
Hällefors | Strömavbrott i Sikfors
Hällefors | Skulpturer vandaliserade i Hällefors
Hällefors | Prästgården i Hjulsjö blir vandrarhem
Hällefors | Räddningstjänsten övade i Bredsjö
Karlskoga | Lasarettet i Karlskoga får ny röntgen
Karlskoga | Karlskoga kommun bygger äldreboende
Karlskoga | Explosion på industriområdet i Bofors
Karlskoga | Konsert i Nobelhallen ställs in
Karlskoga | Stök vid skolan i Skranta
Karlskoga | Ladugårdsbrand i Granbergsdal
Karlskoga | Lastbil i diket vid Villingsberg
Karlskoga | Ungdomsgården i Rävåsen öppnar igen
Karlskoga | Karlskogas nya simhall invigd
Karlskoga | Elljusspåret i Aggerud rustas upp
Karlskoga | Översvämning i Valåsen
Kumla | Simhallen i Kumla blir dyrare
Kumla | Kumla kommun delar ut klimatpris
Kumla | Konsthallen i Kvarntorp visar glas
Kumla | Skolan i Hällabrottet läggs ned
Kumla | Åbytorp får gång- och cykelväg
Kumla | Motocross i Sannahed
Kumla | Container brann i Kumlaby
Kumla | Kumlas torghandel flyttar
Kumla | Badplatsen vid Kumlasjön stängs
Kumla | Ny konst på Kvarntorpshögen
Kumla | Hembygdsgården i Hardemo målas om
Laxå | Laxå kommun får ny kommunchef
Laxå | Värmepumpsfabriken i Laxå nyanställer
Laxå | Jordgubbsodling i Finnerödja utsatt för stöld
Laxå | Pappersbruket i Röfors blir museum
Laxå | Påkörd älg vid Hasselfors
Laxå | Vandrarhemmet i Tivedstorp öppnar
Laxå | Laxås vårdcentral byter ägare
Lekeberg | Lekebergs kommun bygger en idrottshall
Lekeberg | Fjugesta marknad lockade storpublik
Lekeberg | Trafikolycka på länsväg 204 i Mullhyttan
Lekeberg | Krock vid Lekhyttan på E18
Lekeberg | Kyrkan i Kvistbro firar jubileum
Lekeberg | Teater vid Riseberga klosterruin
Lekeberg | Lekebergs centerpartister valde styrelse
Lindesberg | Arenan i Lindesberg fylls av handboll
Lindesberg | Lindesbergs kommun säljer skola
Lindesberg | Kartongbruket i Frövi byggs ut
Lindesberg | Affären i Ramsberg räddas av byborna
Lindesberg | Rån mot macken i Fellingsbro
Lindesberg | Arbetsolycka i Guldsmedshyttan
Lindesberg | Villabrand i Gusselby
Lindesberg | Trafikolycka nära Rockhammar
Lindesberg | Gamla gruvan i Stråssa öppnas för besök
Lindesberg | Cirkus på besök i Vedevåg
Lindesberg | Lastbilssläp i diket i Fanthyttan
Lindesberg | Bergsmansgården i Siggebohyttan öppnar för sommaren
Ljusnarsberg | Tingshuset i Kopparberg firar 400 år
Ljusnarsberg | Ljusnarsbergs kommun lånar mer
Ljusnarsberg | Radhusbrand i Ställberg
Ljusnarsberg | Bandyplanen i Ställdalen spolas
Ljusnarsberg | Fabriken i Bångbro får ny ägare
Ljusnarsberg | Opera i gruvan i Yxsjöberg
Ljusnarsberg | Två bilar krockade öster om Kopparberg
Ljusnarsberg | Kopparbergs marknad ställs in
Nora | Nora kommun vill bygga vid sjön
Nora | Glassbaren i Nora slår rekord
Nora | Sprängämnesfabriken i Gyttorp utökar
Nora | Singelolycka på väg 244 vid Fingerboda
Nora | Gruvbyn Pershyttan söker guider
Nora | Bokhandeln i centrala Nora stänger
Nora | Isvägen på Norasjön öppnar
Nora | Striberg får fiber
Nora | Badplatsen i Järnboås godkänd
Nora | Veterantåget går till Nora igen
Nora | Trästadens dag i Nora, med guidade turer
Nora | Kommunalrådet om framtiden: ”Vi måste våga bygga i Nora”
Örebro | Svampen i Örebro stängs för renovering
Örebro | Örebro kommun bygger bostäder
Örebro | Skottlossning i Vivalla under natten
Örebro | Örebros nya kulturkvarter öppnar
Örebro | Kolonistuga brann i Gäddesta
Örebro | Elva hastighetsböter i Glanshammar
Örebro | Ny förskola i Brickebacken
Örebro | Butik i Oxhagen utsatt för rån
Örebro | Bruket i Garphyttan säljer skog
Örebro | Odensbacken får vårdcentral
Örebro | Vattenläcka i Stora Mellösa
Örebro | Badet vid Gustavsvik slår besöksrekord
Örebro | Fågelskådare samlas vid Kvismaren
Örebro | Mopedolycka i Ekeby-Almby
Örebro | Väktare hotad vid Marieberg galleria
Örebro | Viltolycka i höjd med Adolfsberg
Örebro | Anlagd brand i Baronbackarna
Örebro | Lägenhetsinbrott på Väster
Örebro | Cyklist påkörd i Västra Mark
Örebro | Spelning på Conventum slutsåld
Örebro | Höghus planeras i Tybble
Örebro | Trädfällning i Sveaparken upprör
Örebro | Sommarteater i Wadköping
Örebro | Rökutveckling i Varberga
Örebro | Ny cykelbro mellan Rynninge och Skebäck
Örebro | Bussen till Hovsta får tätare turer
Örebro | Kyrkan i Närkes Kil får nytt tak
Örebro | Ras i Brevens bruk
Örebro | Örebro slott får ny entré
Örebro | Örebroare vann miljonen på skraplott
Örebro | En grupp örebroare vill rädda trädet
Örebro | Viltstängsel trasigt vid Vintrosa
Örebro | ÖREBRO: TRE GRIPNA FÖR STÖLD
Örebro | Utryckning till Örnsro sent i går
Örebro | Minnesstund hölls i Rosta
Kumla | Kumlabon fyller hundra år
Karlskoga | Karlskogabor protesterar mot vindkraft
Lindesberg | Stor älgstam i Lindesbergstrakten
Hallsberg | Hallsbergare springer för välgörenhet
Kumla | Brand i Ekeby
Örebro | Stulna cyklar i City
Örebro | 3 maj 21.10, Stöld/inbrott, Örebro
Nora | 22 augusti 05.43, Trafikolycka, singel, Nora
Karlskoga | Olycka på E18 i Linnebäck i riktning mot Kristinehamn
Lindesberg | Bil i diket i Fellingsbro, tre mil från Örebro
Askersund | Zinkgruvan och Åsbro får snabbare bredband
Karlskoga Degerfors | Karlskoga och Degerfors går samman om räddningstjänst
Hallsberg Kumla | Stopp i tågtrafiken mellan Hallsberg och Kumla
Lindesberg Nora Hällefors | Lindesberg, Nora och Hällefors delar på en jurist
Nora Ljusnarsberg | Nora och Ljusnarsberg vill ha gemensam växel
Örebro Lekeberg | Vindkraftsparken berör både Örebro och Lekeberg
Lindesberg | Finalen i Lindesberg Arena är slutsåld
Örebro | Trafikolycka Örebro
Örebro | Inbrott på E20 Marieberg
Karlskoga | Karlskoga-baserat bolag prisas
Laxå Askersund | Samrådet hålls i Laxå och i Askersund
""".strip().splitlines()

TEMPTING = """
Nora Bergström blir ny rektor
Skådespelaren Nora Lindqvist får pris
Nora, 9, ritade vinnande affisch
Nora (12) simmade över Vättern
Mamman till Nora berättar om natten
– Jag blev så glad, säger Nora om stipendiet
Nora säger ja till ny roll
Han blev kär i Nora på ett tåg
Tvillingarna Nora och Elsa fyller år
Vanligaste flicknamnen: Alice, Nora och Maja
I Ibsens drama lämnar Nora sin man
Noras mamma tackar alla som letade
I Noras rum hänger affischerna tätt
Presenten från Nora gjorde farfar rörd
Boken om Nora har blivit film
Brand i Nora i Uppland
Inbrott i Nora kyrka i Heby kommun
Villaägare i Nora, Danderyds kommun, klagar på buller
Båtklubben i Nora strand i Danderyd växer
Elavbrott i Kumla i Tyresö
Kumla skola i Tyresö utrymdes
Brand i lada i Kumla utanför Sala
Kraftig storm i Degerfors i Västerbotten
Olycka på E20 i Kumla, Heby kommun
Ekeby utanför Uppsala får ny skola
Lägenhet på Söder i Stockholm utsatt för inbrott
Mariebergs slott i Marieberg i Motala till salu
Bråk i Lundby i Göteborg
Gripen i Holmen i Norrköping
Adolfsberg i Helsingborg får ny park
Rinkaby utanför Kristianstad firar
Södermalm i Stockholm blir bilfritt
Villabrand i Viby i Sollentuna
Skottlossning i Näsby i Kristianstad
Örebro län får mer pengar till vägarna
Region Örebro län inför munskydd
Länsstyrelsen i Örebro län varnar för brandrisk
Polisen i Örebro läns nordligaste hörn saknas
Polismyndigheten om natten: lugnt i polisområde Örebro
Natt till söndag i polisområdet Örebro
Vädervarning för Örebro och Värmlands län
Fler turister i Örebro- och Västmanlands län
Företagen i ÖREBRO LÄN går bättre
Örebro universitet söker ny rektor
Forskare vid Örebro universitet har mätt sömn
Örebro Hockey värvar en back från Finland
Örebro Hockeys tränare får sparken
Fler mål av Örebro SK när serien inleddes
BIK Karlskoga vänder hemma
Degerfors IF missar sin anfallare
IFK Kumla söker ungdomsledare
Örebro–Karlskoga 3–2
Slutresultat: Degerfors–Halmstad 1-1 efter sen kvittering
Laget föll med 2–4 mot Örebro efter en svag andra period
Luleå vann mot Örebro i semifinalen
Karlslunds IF Dam värvar målvakt
Åbytorps GoIF spelar cup
Åtalas i Örebro tingsrätt efter bråk på färja
Örebro tingsrätt friar mannen
Tingsrätten i Örebro dömer trion
Häktet i Örebro är fullt
En intagen på Kumlaanstalten åtalas för hot
Rymning planerades på anstalten Kumla
Anstalten Kumla byggs ut av Kriminalvården
Mannen sitter i dag på Kumla för mord
Mannen, som avtjänar straff på Kumla, nekar
Patienten fördes till sjukhuset i Örebro med helikopter
Krock på Örebrovägen
Hus till salu på Noragatan
Vattenläcka på Kumlavägen
Asfaltering av Karlskogavägen och Degerforsvägen
Linje 8 Örebro–Lindesberg får nya tider
Buss 21 mot Vivalla är försenad
Linje 32 till Brickebacken dras in
Kulturminister Erik Hallsberg avgår
Advokat Anna Kumla tar målet
Sara Lindesberg, 45, åker skidor
Per Askersund säljer sin firma
”Det är bra”, säger Hallsberg
Hallsberg säger att hon trivs i rollen
Familjen Lindesberg flyttar hem
Fröken Laxå var ett pseudonym
Katten Kumla hittades i ett träd
Hunden Askersund blev champion
Karin Hällefors läser dikter
Bilfärjan Vinön i Västervik repareras
Branden i Hälleforsnäs är släckt
Museet i Flen, Hälleforsnäs och Katrineholm
Visit Örebro byter logotyp
P4 Örebro sänder från mässan
SVT Nyheter Örebro söker reporter
Hallsbergs Bostäder AB byter revisor
Kumla Energi AB sänker elnätsavgiften
Skriv till info@Kumla.se eller titta på Nora.nu
Stockholm, Göteborg och Malmö får flest
Tågen till Västerås ställs in
Nyheter om Bergslagen, Kilsbergen och Tiveden
Hjälmaren och Vättern har ont om is
Ordet kumla betyder stenröse
Asker i Norge får ny idrottshall
Johan Hammar vann loppet
Lisa Rosta skriver poesi
En grop i vägen: Gropen lagas inte
Svampen växer överallt i höst
Lanna i Värnamo får ny väg
Postadress: Box 900, 701 35 Örebro
BK Forward möter Degerfors borta
Hallsberg heter en gård i Skåne
Degerfors klart för Allsvenskan
Patient till universitetssjukhuset i Örebro efter fallolycka
Kopparbergs cider säljer bäst i England
Huset i Kumla (Tyresö) brann
""".strip().splitlines()


@pytest.mark.parametrize("line", NAMED)
def test_places_that_are_named(line: str) -> None:
    municipalities, _, text = line.partition(" | ")
    for fields in ((text, ""), ("", text)):
        assert {place.municipality for place in places_in(*fields)} == set(municipalities.split())


@pytest.mark.parametrize("text", TEMPTING)
def test_places_that_are_not_meant(text: str) -> None:
    assert places_in(text, "") == places_in("", text) == places_in("", "", text) == ()


def test_the_examples_are_many_and_all_different() -> None:
    assert len(set(NAMED)) == len(NAMED) >= 150
    assert len(set(TEMPTING)) == len(TEMPTING) >= 80
    assert {name for line in NAMED for name in line.partition(" | ")[0].split()} == set(MUNICIPALITIES)


def test_a_place_says_why() -> None:
    (place,) = places_in("Kumlabon tackar", "Festen hölls i Hällabrottet.", "Nästa år ses de i Hällabrottet igen.")
    assert (place.municipality, place.evidence) == ("Kumla", ("Kumlabon", "Hällabrottet"))


def test_the_place_of_the_title_comes_first() -> None:
    places = places_in("Ny bro i Laxå", "Den liknar bron i Nora.")
    assert [place.municipality for place in places] == ["Laxå", "Nora"]
    assert places[0].weight > places[1].weight


@pytest.mark.parametrize(
    "text",
    [
        "Elden syntes vida omkring. En man från Örebro larmade.",
        "En person fördes till Örebro.",
        "Det sade hon på ett möte i Örebro.",
    ],
)
def test_what_is_named_far_down_gives_way_to_the_title(text: str) -> None:
    assert [place.municipality for place in places_in("Storbrand i Frövi", "", text)] == ["Lindesberg"]


def test_the_text_is_heard_where_nothing_else_names_a_place() -> None:
    places = places_in("Ladan gick inte att rädda", "Ägaren är förtvivlad.", "Larmet kom från en granne i Frövi.")
    assert [place.municipality for place in places] == ["Lindesberg"]
    assert places_in("Ladan gick inte att rädda", "", "En man från Örebro larmade.") == ()


def test_a_name_that_many_towns_share_gives_way_to_any_other_place() -> None:
    assert [place.municipality for place in places_in("Brand i Lundby", "")] == ["Örebro"]
    assert [place.municipality for place in places_in("Brand i Lundby", "Det brann i Degerfors.")] == ["Degerfors"]
    assert places_in("Brand i Lundby", "", "Räddningstjänsten i Göteborg kom snabbt.") == ()


def test_sports_and_places_in_one_text() -> None:
    places = places_in("Örebro–Karlskoga 3–2", "Derbyt spelades i Behrn Arena inför fullsatta läktare.")
    assert [place.municipality for place in places] == ["Örebro"]


@pytest.mark.parametrize("evidence", ["KARLSKOGA", "Karlskogas", "KARLSKOGAS", "karlskogabo", "Karlskoga-bor"])
def test_every_inflection_is_evidence(evidence: str) -> None:
    assert [place.evidence for place in places_in(f"{evidence} får besök", "")] == [(evidence,)]


def test_the_real_events_of_the_police() -> None:
    """Of the events whose text names a place at all, at least 98 in 100 get the municipality that the police state."""
    file = SHARED / "data" / "polisen" / "events.json"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    right, judged = 0, 0
    for event in json.loads(file.read_text(encoding="utf-8")):
        head, _, stated = event["name"].rpartition(", ")
        places = places_in(head, event["summary"])
        if places and stated in MUNICIPALITIES:
            judged += 1
            right += [place.municipality for place in places] == [stated]
    assert judged > 150
    assert right >= 0.98 * judged


# The gazetteer


def test_the_gazetteer_is_loaded_for_articles_only() -> None:
    """A quiet run has none, and pays nothing for it."""
    code = (
        "import sys; from orebro_spiders.reading import dates, places; "
        "names = [f'orebro_spiders.reading.{name}' for name in ('mentions', 'gazetteer')]; "
        "loaded = lambda: [name in sys.modules for name in names]; before = loaded(); "
        "places.places_in('Nora', ''); print(before, loaded())"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[False, False] [True, True]"


def test_every_name_of_the_gazetteer_stands_once() -> None:
    names = [name for names in gazetteer().values() for name in names]
    municipality: dict[str, str] = {}
    for name in names:
        assert municipality.setdefault(name.place, name.municipality) == name.municipality
    assert {name.municipality for name in names} == {*MUNICIPALITIES, ELSEWHERE}
    assert set(MUNICIPALITIES) <= set(municipality)


def test_every_twin_is_known_as_a_place_elsewhere() -> None:
    names = [name for names in gazetteer().values() for name in names]
    elsewhere = {name.place for name in names if name.municipality == ELSEWHERE}
    assert {twin for name in names for twin in name.twins} <= elsewhere


def test_every_name_leads_to_its_municipality() -> None:
    for names in gazetteer().values():
        for name in names:
            if name.municipality != ELSEWHERE:
                found = [place.municipality for place in places_in(f"Kön ringlar lång i {name.place} på lördag.", "")]
                assert found == [name.municipality], name.place


# Whatever the text

_words = st.sampled_from(
    "Nora Örebro Kumla Vivalla Stora Mellösa Ekeby Stockholm Anna i på mot från , – - . 3–2 län Hockey ( 9 år ) \n "
    "Östra Mark örebroare Kumlabo säger kommun Tyresö linje 8 \xa0 İ".split(" ")
)
_texts = st.text(max_size=200) | st.lists(_words, max_size=20).map(" ".join) | st.lists(_words, max_size=9).map("".join)


@given(_texts, _texts, _texts)
def test_no_text_can_fail_and_all_evidence_stands_in_it(title: str, summary: str, text: str) -> None:
    places = places_in(title, summary, text)
    assert [place.municipality for place in places] == list(dict.fromkeys(place.municipality for place in places))
    assert [place.weight for place in places] == sorted((place.weight for place in places), reverse=True)
    for place in places:
        assert place.municipality in MUNICIPALITIES
        assert place.evidence
        assert all(words in title or words in summary or words in text for words in place.evidence)
