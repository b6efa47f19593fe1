"""Words around a place name: level words, frames of an answer, what hides a name."""

from knowledge.place_area import AreaLevel

KOTA_WORD = "kota"


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Words that say the level of the name after them, as typed.
LEVEL_WORDS: dict[str, AreaLevel] = {
    **dict.fromkeys(
        _words(
            "desa ds dsa des desanya kel kelurahan kelurahannya gampong gampoeng gp gpg nagari "
            "nagarinya pekon lembang ohoi negeri kampung kp kpg kampong kampungnya tiuh"
        ),
        AreaLevel.DESA,
    ),
    **dict.fromkeys(
        _words(
            "kec kecamatan kecamatannya kcmtn kecmatan kecamtan kecmtn kc distrik kemantren "
            "kapanewon"
        ),
        AreaLevel.KECAMATAN,
    ),
    **dict.fromkeys(
        _words("kab kabupaten kabupatennya kabupten kabupatn kbptn kota kotamadya kodya"),
        AreaLevel.KABUPATEN,
    ),
    **dict.fromkeys(
        _words("prov provinsi provinsinya propinsi prop prof profinsi"), AreaLevel.PROVINSI
    ),
}
KOTA_WORDS = {KOTA_WORD, "kotamadya", "kodya"}
# A kampung or negeri may be a village or a part of one, so its name is not insisted on.
UNSURE_LEVEL_WORDS = {"kampung", "kp", "kpg", "kampong", "kampungnya", "negeri"}

# The name after these is a part of a village (or not a place) and is passed over.
HAMLET_WORDS = _words(
    "dusun dsn dsun dukuh dukuhan dk dkh jorong korong br pedukuhan padukuhan rw rt rtrw"
)
# A lingkungan often bears the name of its kelurahan, so the name may count if the rest agrees.
NEIGHBOURHOOD_WORDS = {"lingkungan", "lingk", "ling", "lk"}
STREET_WORDS = _words("jl jln jalan gang gg blok perum perumahan komplek no")
COMPANY_WORDS = {"pt", "cv", "ud", "lpk", "bank", "kapal", "km"}
# "luar jawa" is anywhere else, "bahasa madura" no place.
OUTSIDE_WORDS = _words("luar bahasa basa boso bhasa suku")
PLACE_PREPOSITIONS = _words("di dari dr ke asal saking ti")
HONORIFICS = _words("pak bu bpk ibu bapak mas mbak kang teh mang ustad haji hajah")
NEGATIONS = {"bukan", "bkn", "dudu", "sanes", "bukn"}

# Words that lead to one's own place: "dari X", "kulo saking X", "abdi ti X".
LEADING_WORDS = _words(
    "dari dr dri asal asli aslinya orang org wong warga wrg saking seko soko teko ti urang "
    "tinggal tgl domisili alamat almt rumah di d dik ning neng nang ing teng leq lek ka ke "
    "oreng deri dori dair lahir kelahiran daerah wilayah tiang dengan"
)
# Words that may stand between a level word and its name: "desa saya X".
CARRYING_WORDS = _words("saya sy sya aku ak ku kami kita abdi kulo beta nama namanya adalah itu")
# Words that dress an answer without making it a sentence about something else.
FRAME_WORDS = LEADING_WORDS | _words(
    "saya sy sya aku ak kulo kula dalem abdi kuring beta katong kita kami ambo awak ulun inggih "
    "nggih ya iya yaa pak bu bpk ibu bapak mas mbak kak min bang bos gan om admin mohon maaf nama "
    "namanya sini itu ini adalah yaitu ada lagi juga dan kabupatennya masuk ikut dekat deket tapi "
    "tp utara selatan timur barat tengah lor kidul wetan kulon nih kok sih dong kan loh lho "
    "wilayah daerah bagian kawasan sekitar sebelah jadi sekarang skrg skg alamatnya rumahnya "
    "guli gubug griya bale tyang titiang nika niki punika sareng saged indonesia"
)
