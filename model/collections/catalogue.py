"""The table of the collections: a row says all that is known of one; a new one is a row here."""

from dataclasses import dataclass

from model.collections.download import Home
from model.collections.readers import (
    Reader,
    boxed_frames,
    gesture_digits,
    hand_cricket,
    hand_patches,
    hands_dataset,
    of_source,
    sign_language_digits,
    signs,
    without_hands,
)
from model.collections.reductions import Originals


@dataclass(frozen=True)
class Row:
    """A collection: where it comes from, how it is read and what it is used for.

    Attributes:
        name: of the collection; also of its folder, unless `folder` says otherwise.
        licence: of the photographs.
        home: where it comes from; None if it has to be made or brought by hand.
        read: from its folder and a split to the pictures.
        folder: below the folder of all collections.
        people: who is in it.
        plain: whether the background is plain enough to cut the hands out.
        weight: how often hands are drawn from it; digits are drawn first, and evenly.
        whole_frames: whether its boxes lie in frames in which a hand has to be found.
        simple: whether each picture is one hand before a quiet wall, as small experiments want it.
        textbook: whether courses train on it alone, and so the recipe that ours is compared with.
        by_hand: what to do where there is no home.
    """

    name: str
    licence: str
    home: Home | Originals | None
    read: Reader
    folder: str = ""
    people: str = ""
    plain: bool = False
    weight: float = 1.0
    whole_frames: bool = False
    simple: bool = False
    textbook: bool = False
    by_hand: str = ""


# Classes of objects of which no picture is trained on.
CALTECH_VALIDATION = (
    *("saxophone", "schooner", "scissors", "scorpion", "sea_horse", "snoopy", "soccer_ball"),
    *("stapler", "starfish", "stegosaurus", "stop_sign", "strawberry", "sunflower"),
)
CALTECH_TEST = (
    *("tick", "trilobite", "umbrella", "watch", "water_lilly", "wheelchair", "wild_cat"),
    *("windsor_chair", "wrench", "yin_yang"),
)

ICONS = (
    "render 160-pixel PNGs from the npm package @iconify-json/{0} as no-hands/{0}__NUMBER.png, "
    "without those that show a hand"
)
DOODLES = (
    "draw sketches of Quick, Draw! without hands as 160-pixel PNGs no-hands/quickdraw__NUMBER.png"
)
LETTERING = "set words in a few free fonts as 160-pixel PNGs no-hands/text__NUMBER.png"

COLLECTIONS = (
    Row(
        "signs",
        "none stated",
        Home(
            "mosesmulwa-bebop/Residual-Network-for-Digit-Recognition",
            "e7a512b8090169a562bd65297d546faacd2cfc7d",
            single={
                "datasets/train_signs.h5": "15904fbeb148848aea50d42c96a539b7bd11c4e5",
                "datasets/test_signs.h5": (
                    "539fb746ed9e947eb244cfca73f4d1b03f9bf5524d609eeed2cd76ddb1b179be"
                ),
            },
        ),
        signs,
        people="a few people, one light wall",
        plain=True,
        weight=2.0,
        simple=True,
        textbook=True,
    ),
    Row(
        "sign-language-digits",
        "Apache-2.0",
        Home(
            "ardamavi/Sign-Language-Digits-Dataset",
            "4b09433ef9d5c60602e8805bb54b8aa2428527f8",
            r"Dataset/[0-5]/[^/]*\.JPG",
            1237,
            "a8203a785453856797af3d526bcb48c5f406930f66696a6187efd7e07da4cf98",
        ),
        sign_language_digits,
        people="218 students in all",
        plain=True,
        weight=2.0,
        simple=True,
    ),
    Row(
        "hands",
        "Apache-2.0",
        Home(
            "SubhiH/HandsDataset",
            "73228cb5ba6a8d454663aa9873157862b69a1c4c",
            r"images/(train|test)/[^/]*\.jpg|data/[^/]*_labels\.csv",
            1559,
            "c70f0bd9a1e3564a1d63e5f8019fb66e7cb3abe38a7b403bd123fcb2a232b83c",
        ),
        hands_dataset,
        people="several people, webcams, rooms of every kind",
        weight=4.0,
        whole_frames=True,
    ),
    Row(
        "hand-cricket",
        "MIT",
        Home(
            "abhinavnayak11/Hand-Cricket",
            "e2a52cb72ca58d447cd927e800497d469fe7bb59",
            r"input/[0-5]_[^/]*\.jpg",
            1584,
            "f005c997bdc688cf4044c87f21ba391a0c35349e61255fae3671124bce561b55",
        ),
        hand_cricket,
        people="1 or 2, a webcam",
        plain=True,
        weight=1.5,
    ),
    Row(
        "gesture-digits",
        "BSD-2-Clause",
        Home(
            "tz28/Chinese-number-gestures-recognition",
            "2a9136b223064450ffde79d3f2e01c0de41baf09",
            r"digital_gesture_recognition/resized_img/[01245]_[^/]*\.jpg",
            10143,
            "f5c05ef3e99b04c15b09dd6c140ed4bbc2ebe295c97831a474ce802e0cfd190c",
        ),
        gesture_digits,
        people="friends, 101 phone photographs",
        weight=2.0,
    ),
    Row(
        "hand-patches",
        "Apache-2.0",
        Home(
            "BasemElbarashy/Hand-Dataset",
            "3a1a01c9bf273f6b5524d933db77ed57e34ec72d",
            r"neg/[^/]*",
            2866,
            "9e1ed91a934c14e4dafb4aa56e51ca3a2209c20dff637da3e2159790529253cc",
        ),
        hand_patches,
    ),
    *(
        Row(f"more-hands/{name}", licence, Originals(*home), read, people=people, plain=plain,
            weight=weight)
        for name, licence, home, read, people, plain, weight in (
            ("kaust-rps", "CDLA-Sharing-1.0",
             ("tsyurii/kaust-dsa299-rps-dataset", "78d6481ca930ac4b732056c53890cfaf103ebcf5"),
             of_source("train"), "about 20, webcams", False, 2.0),
            ("fuad-phone", "none stated",
             ("fuad-hasan-safat/Number-of-fingers-using-CNN-PyTorch",
              "305aae8038bbc998ad24454777e126152df7d261"),
             of_source("train"), "8 to 10, dark and light, palm and back, phones", False, 2.0),
            ("daocunyang", "none stated",
             ("daocunyang/Chinese-Number-Gestures-Recognition",
              "911323f06883c7db2bbd80b6e5109346fe33b424"),
             of_source("train"), "2 to 3", True, 1.0),
            ("isl-harshil", "none stated",
             ("harshilrajodiya/Indian-Sign-Language-DataSet",
              "e72d1d4dacc3af97e9b61dc4692b576ef0c232a8"),
             of_source("train"), "1 to 2", True, 0.7),
            ("looperboy", "none stated",
             ("looperboy897/finger_sign_gesture", "cc0dd71f2d072d5fa534323b57a5672bde235193"),
             of_source("train"), "1", True, 0.7),
            ("hgr-alistair", "none stated",
             ("Alistair2522/HGR", "b826f5a0cbf0aaa7a4120dd0ba9e7777ea734f04"),
             of_source("train"), "1", False, 0.3),
            ("kwok-cutout", "none stated",
             ("KwokCheungYuk/HCI_Homework", "78dc39ea5b1f9f0e6c5181016486a6779897ca32"),
             of_source("train"), "1", True, 0.5),
            ("silhouette-ikathuria", "MIT",
             ("ikathuria/GestureRecognition", "e1ab1d0a03aece880f7e45b8015d9beb200e87db"),
             of_source("train"), "masks", True, 0.5),
            ("peru", "none stated",
             ("CarlosVCH2001/Lenguaje_Senas_Peruano_Numeros_CNN",
              "11606d1bd73fc7b1977cf1f2d4babb7c73bf6286"),
             of_source("validation"), "4 to 6", True, 1.0),
            ("amaannaseh", "none stated",
             ("AmaanNaseh/asl-numbers-assistance", "5a30f511239cc9add9e2abed35adbe3a759d84f7"),
             of_source("validation"), "1, with the face, the hand far off", False, 1.0),
            ("silhouette-ishaan", "none stated",
             ("IshaanArora18/number-sign-recognition",
              "3b45f49bf86493b66518270e00af88a83106700b"),
             of_source("test"), "masks: hands without their shading", True, 1.0),
        )
    ),
    Row(
        "more-hands/emrecandir-lab",
        "MIT",
        Originals(
            "emrecandir9/custom-gesture-dataset", "921f6b96145a55756feb3939774236b729f55a03"
        ),
        boxed_frames("test"),
        people="2 people",
        whole_frames=True,
    ),
    *(
        Row(f"no-hands/{name}", licence, Originals(*home), without_hands(name, *kept),
            folder="no-hands")
        for name, licence, home, *kept in (
            ("caltech101", "CC BY 4.0",
             ("taibarehm/CVassimgement", "5e5ee696e6576f6ed4c674e3763f77e40242332a"),
             CALTECH_VALIDATION, CALTECH_TEST),
            ("caltech101-edges", "CC BY 4.0",
             ("taibarehm/CVassimgement", "5e5ee696e6576f6ed4c674e3763f77e40242332a")),
            ("rooms", "Places365's terms",
             ("SilviuBR24/room-classification", "0eca0b20ccf85e0278dcf88f887e320ff4cfa426"),
             ["bathroom"], ["kitchen"]),
            ("fakefaces", "GPL-3.0",
             ("BaseMax/FakeFaces", "bb509d9909f1a7e947df35ac4ec95e50dc03c8f3"),
             range(321, 371), range(371, 421)),
            ("grocery", "MIT",
             ("marcusklasson/GroceryStoreDataset", "fc80ba90f803d79d0383df52c5a4ac5de99ff6fc"),
             [], range(300)),
            ("grocery-iconic", "MIT",
             ("marcusklasson/GroceryStoreDataset", "fc80ba90f803d79d0383df52c5a4ac5de99ff6fc"),
             range(300)),
            ("trashnet", "MIT",
             ("congduytran12/Trash-Classification-", "00212f2c18dcdb9045c74481eaae5baaf72537df")),
            ("flowers", "none stated",
             ("martinwestin/flower_classification", "c169e7e4038bc0e0e2fe80090b6dc8919539816f")),
            ("daocunyang-background", "none stated",
             ("daocunyang/Chinese-Number-Gestures-Recognition",
              "911323f06883c7db2bbd80b6e5109346fe33b424")),
            ("looperboy-none", "none stated",
             ("looperboy897/finger_sign_gesture", "cc0dd71f2d072d5fa534323b57a5672bde235193"),
             range(300)),
        )
    ),
    *(
        Row(f"no-hands/{name}", licence, None, without_hands(name, *kept), folder="no-hands",
            by_hand=by_hand)
        for name, licence, by_hand, *kept in (
            ("noto", "Apache-2.0", ICONS.format("noto"), range(231, 256), range(256, 300)),
            ("openmoji", "CC BY-SA 4.0", ICONS.format("openmoji"), range(121), range(121, 300)),
            ("gameicons", "CC BY 3.0", ICONS.format("game-icons").replace("no-hands/game-icons",
             "no-hands/gameicons"), range(181, 201), range(201, 300)),
            ("quickdraw", "CC BY 4.0", DOODLES, range(381, 421), range(421, 500)),
            ("text", "OFL-1.1", LETTERING, range(301, 331), range(331, 400)),
        )
    ),
)  # fmt: skip


def find_row(name: str) -> Row:
    """The row of a collection.

    Raises:
        ValueError: if there is none of that name.
    """
    for row in COLLECTIONS:
        if row.name == name:
            return row
    known = ", ".join(row.name for row in COLLECTIONS)
    raise ValueError(f"There is no collection {name}; there are {known}.")


def all_but(leave_out: str) -> list[str]:
    """The names of all collections but one."""
    return [row.name for row in COLLECTIONS if row.name != leave_out]


SIMPLE = tuple(row.name for row in COLLECTIONS if row.simple)
TEXTBOOK = next(row.name for row in COLLECTIONS if row.textbook)
WHOLE_FRAMES = tuple(row.name for row in COLLECTIONS if row.whole_frames)
