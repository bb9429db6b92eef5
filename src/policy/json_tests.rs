//! What the reader takes, what it refuses, and where it points.

use super::{DEEPEST, MOST_BYTES, read};
use crate::policy::complaint::ComplaintKind;
use crate::policy::value::{Mark, Value};

/// The text is refused at this place, in words that contain these.
fn check(text: &str, place: (u32, u32, u32), words: &str) {
    let complaint = read(text).expect_err(text);
    let Mark { line, column, len } = complaint.mark;
    assert_eq!((line, column, len), place, "{text:?}: {complaint:?}");
    assert!(complaint.what.contains(words), "{text:?}: {complaint:?}");
}

#[test]
fn what_is_not_json_is_refused_with_helpful_words() {
    check("", (1, 1, 1), "empty");
    check(" \n ", (2, 2, 1), "empty");
    check("{\"a\": 1,}", (1, 8, 1), "a comma before `}`");
    check("[1,\n]", (1, 3, 1), "a comma before `]`");
    check("{\n // x\n}", (2, 2, 2), "a comment");
    check("{\"a\": /* x */ 1}", (1, 7, 2), "a comment");
    check("{} # x", (1, 4, 1), "a comment");
    check("{\"a\": 1} {}", (1, 10, 1), "a second object");
    check("{},\n{}", (1, 3, 1), "a second object");
    check("{},", (1, 3, 1), "a comma behind the end");
    check("{}}", (1, 3, 1), "too many");
    check("{} x", (1, 4, 1), "behind the end");
    check(
        "{\"a\": \"b\nc\"}",
        (1, 7, 2),
        "a line break inside a string",
    );
    check("{\"a\": \"b", (1, 7, 2), "no closing quote");
    check("{\u{201c}a\u{201d}: 1}", (1, 2, 1), "U+201C");
    check("{'a': 1}", (1, 2, 1), "wrong kind of quotes");
    check("{a: 1}", (1, 2, 1), "name in quotes");
    check("{\"a\" \"b\"}", (1, 6, 1), "no colon after \"a\"");
    check("{\"a\": \"b\" \"c\": 1}", (1, 11, 1), "a comma is missing");
    check("{\"a\": \"b\": 1}", (1, 10, 1), "a colon too many");
    check("{\"a\": [1, 2}", (1, 12, 1), "does not belong here");
    check("{\"a\": }", (1, 7, 1), "a value is missing");
    check("{\"a\": True}", (1, 7, 4), "`True` is no JSON value");
    check("{\"a\": 01}", (1, 7, 2), "no number");
    check("{\"a\": 111122223333x}", (1, 7, 13), "no number");
    check("{\"a\": [", (1, 8, 1), "ends in the middle");
    check("{\"a\": [1", (1, 9, 1), "line 1, column 7");
    check("{", (1, 2, 1), "line 1, column 1");
    check("{\"a\": ${x}}", (1, 7, 2), "a template");
    check("{\"a\": {{ x }}}", (1, 7, 2), "a template");
    check("%7B%22Version%22", (1, 1, 3), "URL-encoded");
    check("\u{feff}{}", (1, 1, 1), "byte order mark");
    check("{\u{a0}}", (1, 2, 1), "U+00A0");
    check("\"a\u{1}b\"", (1, 3, 1), "U+0001");
    check("\"\\x\"", (1, 2, 2), "no such escape");
    check("\"\\ud800\"", (1, 2, 6), "half a character");
    check("\"\\u12g4\"", (1, 2, 2), "four hex digits");
}

#[test]
fn values_keep_their_places() {
    let node = read("{\n \"a\": [true, \"\\u00e9\\ud83d\\ude00\"]\n}").unwrap();
    let Value::Map(members) = node.value else {
        panic!("no map")
    };
    assert_eq!(
        members[0].0.mark,
        Mark {
            line: 2,
            column: 2,
            len: 3
        }
    );
    let Value::List(list) = &members[0].1.value else {
        panic!("no list")
    };
    assert_eq!(
        list[0].mark,
        Mark {
            line: 2,
            column: 8,
            len: 4
        }
    );
    assert_eq!(list[1].value, Value::Text("é😀".to_owned()));
    assert_eq!(
        list[1].mark,
        Mark {
            line: 2,
            column: 14,
            len: 20
        }
    );
}

#[test]
fn numbers_stay_as_written_and_twins_stay_two() {
    let node = read("{\"a\": 1.50e+3, \"a\": -0}").unwrap();
    let Value::Map(members) = node.value else {
        panic!("no map")
    };
    assert_eq!(members[0].1.value, Value::Number("1.50e+3".to_owned()));
    assert_eq!(members[1].1.value, Value::Number("-0".to_owned()));
}

#[test]
fn depth_and_size_have_an_end() {
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nest(DEEPEST)).is_ok());
    assert_eq!(
        read(&nest(DEEPEST + 1)).unwrap_err().kind,
        ComplaintKind::TooDeep
    );
    let wide = |len: usize| format!("\"{}\"", "x".repeat(len - 2));
    assert!(read(&wide(MOST_BYTES)).is_ok());
    assert_eq!(
        read(&wide(MOST_BYTES + 1)).unwrap_err().kind,
        ComplaintKind::TooLarge
    );
}
