import pytest

from explain.draw.numbers import (
    count_text,
    number_text,
    power_text,
    range_text,
    ratio_text,
    size_text,
)


@pytest.mark.parametrize(
    "number, words", [(512, "512"), (12_294, "12.3 k"), (999_700, "1 M"), (23_600_006, "23.6 M")]
)
def test_counts_as_people_say_them(number, words):
    assert count_text(number) == words


@pytest.mark.parametrize(
    "value, words", [(0.5, "0.5"), (0.05, "0.05"), (2**-12, "1/4,096"), (250.0, "250")]
)
def test_numbers_without_needless_digits(value, words):
    assert number_text(value) == words


def test_powers_of_ten():
    assert [power_text(k) for k in (-11, 0, 1, 2)] == ["10⁻¹¹", "1", "10", "10²"]


@pytest.mark.parametrize(
    "ratio, words",
    [(1234.5, "1,234"), (3.42, "3.4"), (0.8, "0.8"), (0.5, "1/2"), (1 / 40, "1/40"), (0, "0")],
)
def test_ratios_as_one_reads_them(ratio, words):
    assert ratio_text(ratio) == words


@pytest.mark.parametrize(
    "size, words",
    [
        (5240.0, "5,200"),
        (0.123, "0.12"),
        (2.5e-10, "2.5·10⁻¹⁰"),
        (9.97e-4, "0.001"),
        (9.96e5, "10⁶"),
        (2e-4, "2·10⁻⁴"),
        (0, "0"),
    ],
)
def test_sizes_as_one_reads_them(size, words):
    assert size_text(size) == words


def test_a_range_of_shares():
    assert range_text([0.51]) == "51.0" and range_text([0.52, 0.51]) == "51.0–52.0"
