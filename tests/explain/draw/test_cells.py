from explain.draw.cells import cells_svg, middles


def test_cells_are_kept_from_the_first_and_share_the_picture_half_way():
    assert middles((2.5, 16), 64) == [2.5, 18.5, 34.5, 50.5]
    svg = cells_svg((2.5, 16), (2.5, 32), 64)
    assert svg.count("<circle") == 16 and svg.count('class="kept"') == 4
    assert "M18.5 0V64M0 18.5H64" in svg
