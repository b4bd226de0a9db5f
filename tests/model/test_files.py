"""Files whose end was cut off."""

from model.files import cut_to_whole_lines, whole_lines


def test_a_last_line_that_was_cut_off_is_left_out_and_then_cut_out(tmp_path):
    path = tmp_path / "lines.txt"
    for content, lines, rest in (
        (b"", [], b""),
        (b"one", [], b""),
        (b"one\ntwo\n", ["one", "two"], b"one\ntwo\n"),
        ("drei\nfünf".encode()[:-3], ["drei"], b"drei\n"),  # in the middle of a letter
    ):
        path.write_bytes(content)
        assert whole_lines(path) == lines and path.read_bytes() == content
        cut_to_whole_lines(path)
        assert path.read_bytes() == rest
