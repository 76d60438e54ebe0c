"""String built-ins, by the examples of DMN 1.5 table 74 and their edges."""

from tests.engine.feel.facts import check, facts


@facts(
    ('substring("foobar", 3)', "obar"),
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("foobar", 6)', "r"),
    ('substring("foobar", 5, 9)', "ar"),
    ('substring("foobar", 0)', None),
    ('substring("foobar", 7)', None),
    ('substring("foobar", -7)', None),
    ('substring("foobar", 1, 0)', None),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('substring("\\U01F40Eab", 1, 1)', "\U0001f40e"),
    ("substring(null, 1)", None),
    ('substring(start position: 2, string: "abc")', "bc"),
    ('substring(string: "abc", start position: 2, length: 1)', "b"),
    ('substring(string: "abc", begin: 2)', None),
    ('substring("abc")', None),
    ('substring("abc", 1, 2, 3)', None),
)
def test_substring(text, expected):
    check(text, expected)


@facts(
    ('string length("foo")', 3),
    ('string length("")', 0),
    ('string length("\\U01F40E")', 1),
    ('string length("\\uD83D\\uDC0E")', 1),
    ("string length(5)", None),
    ("string length(null)", None),
    ('string length(["abc"])', 3),
)
def test_string_length(text, expected):
    check(text, expected)


@facts(('upper case("aBc4é")', "ABC4É"), ("upper case(1)", None))
def test_upper_case(text, expected):
    check(text, expected)


@facts(('lower case("aBc4É")', "abc4é"), ("lower case(null)", None))
def test_lower_case(text, expected):
    check(text, expected)


@facts(
    ('substring before("foobar", "bar")', "foo"),
    ('substring before("foobar", "xyz")', ""),
    ('substring before("foobar", "")', ""),
    ('substring before("foobar", null)', None),
)
def test_substring_before(text, expected):
    check(text, expected)


@facts(
    ('substring after("foobar", "ob")', "ar"),
    ('substring after("", "a")', ""),
    ('substring after("foobar", "")', "foobar"),
    ('substring after("foobar", "xyz")', ""),
)
def test_substring_after(text, expected):
    check(text, expected)


@facts(('contains("foobar", "of")', False), ('contains("foobar", "oba")', True), ('contains("a", null)', None))
def test_contains(text, expected):
    check(text, expected)


@facts(('starts with("foobar", "fo")', True), ('starts with("foobar", "o")', False), ("starts with(1, 1)", None))
def test_starts_with(text, expected):
    check(text, expected)


@facts(('ends with("foobar", "r")', True), ('ends with("foobar", "f")', False), ('ends with("foobar", 1)', None))
def test_ends_with(text, expected):
    check(text, expected)


@facts(
    ('matches("foobar", "^fo*b")', True),
    ('matches("foobar", "o.b")', True),
    ('matches("abracadabra", "^a.*a$")', True),
    ('matches("hello\\nworld", "hello.world")', False),
    ('matches("hello\\nworld", "hello.world", "s")', True),
    ('matches("a\\nb", "^b$")', False),
    ('matches("a\\nb", "^b$", "m")', True),
    ('matches("HELLO", "hello", "i")', True),
    ('matches("helloworld", "hello world", "x")', True),
    ('matches("a.b", "a.b", "q")', True),
    ('matches("acb", "a.b", "q")', False),
    ('matches("a\\n", "a$")', False),
    ('matches("foobar", null)', None),
    ('matches("foobar", "[")', None),
    ('matches("foobar", "o", "y")', None),
    ('matches("foobar", "(?=o)")', None),
    ('matches("aa", "(a)\\1")', True),
    ('matches("b", "[a-z-[aeiou]]")', True),
    ('matches("e", "[a-z-[aeiou]]")', False),
    ('matches("中", "\\p{L}")', True),
    ('matches("a", "\\p{IsBasicLatin}")', True),
    ('matches("x:y", "^\\i\\c*$")', True),
    ('matches("foobar", "o", null)', True),
)
def test_matches(text, expected):
    check(text, expected)


@facts(
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('replace("abracadabra", "bra", "*")', "a*cada*"),
    ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
    ('replace("abracadabra", "a(.)", "a$1$1")', "abbraccaddabbra"),
    ('replace("AAAA", "A+?", "b")', "bbbb"),
    ('replace("abc", "b", "$0$0")', "abbc"),
    ('replace("a.b", ".", "-", "q")', "a-b"),
    ('replace("abc", "[a-z]", "#", "")', "###"),
    ('replace("ABC", "b", "x", "i")', "AxC"),
    ('replace("abracadabra", ".*?", "$1")', None),
    ('replace("abc", "b", "$")', None),
    ('replace("abc", "b", "\\\\$")', "a$c"),
    ('replace(input: "abc", pattern: "b", replacement: "-")', "a-c"),
    ('replace("abc", null, "x")', None),
)
def test_replace(text, expected):
    check(text, expected)


@facts(
    ('split("John Doe", "\\\\s")', ["John", "Doe"]),
    ('split("a;b;c;;", ";")', ["a", "b", "c", "", ""]),
    ('split("abc", ";")', ["abc"]),
    ('split("abc", "")', None),
    ('split(string: "a.b", delimiter: "\\\\.")', ["a", "b"]),
)
def test_split(text, expected):
    check(text, expected)


@facts(
    ('string join(["a", "b", "c"], "_and_")', "a_and_b_and_c"),
    ('string join(["a", "b", "c"])', "abc"),
    ('string join(["a", "b", "c"], null)', "abc"),
    ('string join(["a", null, "c"], "X")', "aXc"),
    ('string join([], "X")', ""),
    ('string join("a", "X")', "a"),
    ('string join([1, "a"])', None),
    ('string join(list: ["a", "b"], delimiter: "-")', "a-b"),
)
def test_string_join(text, expected):
    check(text, expected)
