"""MediaPipe's hand landmarks and the rule that counts open fingers; for an environment of its own.

`tests.benchmarks.peers` runs this file with the Python of that environment, which needs nothing but
mediapipe. It takes the path of a picture a line, and answers with its digit, or null where no hand
is found, and the milliseconds that it took.
"""

import json
import sys
import time

import cv2
import mediapipe as mp
import numpy as np

WRIST, LITTLE = 0, 17  # landmarks: the wrist, and where the little finger begins
THUMB = (4, 3)  # its tip and the joint before
FINGERS = ((8, 6), (12, 10), (16, 14), (20, 18))  # tips and middle joints


def open_fingers(points: np.ndarray) -> int:
    """How many fingers are open: float [21, 2 or 3], landmarks of a hand, turned in any way.

    A finger is open if its tip is further from the wrist than its middle joint; the thumb, if its
    tip is further from the root of the little finger than the joint before it.
    """

    def further(tip: int, joint: int, centre: int) -> bool:
        return np.linalg.norm(points[tip] - points[centre]) > np.linalg.norm(
            points[joint] - points[centre]
        )

    return further(*THUMB, LITTLE) + sum(further(*finger, WRIST) for finger in FINGERS)


def main() -> None:
    with mp.solutions.hands.Hands(static_image_mode=True, max_num_hands=1) as hands:
        for line in sys.stdin:
            picture = cv2.cvtColor(cv2.imread(line.strip()), cv2.COLOR_BGR2RGB)
            began = time.perf_counter()
            found = hands.process(picture).multi_hand_landmarks
            spent = 1000 * (time.perf_counter() - began)
            digit = None
            if found:
                h, w = picture.shape[:2]
                digit = int(open_fingers(np.array([(p.x * w, p.y * h) for p in found[0].landmark])))
            print(json.dumps({"digit": digit, "milliseconds": spent}), flush=True)


if __name__ == "__main__":
    main()
