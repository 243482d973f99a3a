"""Manual and derivations on the command line."""


def test_why_and_help_are_printed(twinview, village):
    project = village
    ran = twinview("do", project, "why houses 'house 1' height_m", "help.open time#zone")
    assert "Building house 1: Height = 7" in ran.stdout
    assert "column 'height_m' of 'house 1'" in ran.stdout
    assert "The named zone" in ran.stdout
    assert "Europe/Berlin or Asia/Shanghai" in ran.stdout
    assert "One clock" not in ran.stdout


def test_a_number_that_is_not_there_is_one_sentence(twinview, village):
    ran = twinview("do", village, "why houses 'house 1' nonsense", code=2)
    assert ran.stderr.count("\n") == 1
    assert "has no 'nonsense'" in ran.stderr
