//! The pictures of whole runs, from outside.

mod common;

use common::{HOLDS, call, fails, folder, write};

fn lanes(text: &str) -> String {
    let folder = folder();
    write(folder.path(), "it.yaml", text);
    let it = call(folder.path(), &["chart", "it.yaml", "--kind", "lanes"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""));
    it.out
}

#[test]
fn a_picture_is_svg_with_its_words_inside() {
    let svg = lanes(HOLDS);
    assert!(svg.starts_with("<svg width=\"960\""), "{}", &svg[..200]);
    assert!(svg.ends_with("</svg>\n"));
    assert!(svg.len() <= 60_000, "{} bytes", svg.len());
    for part in [
        "role=\"img\" aria-labelledby=",
        "<title id=",
        "<desc id=",
        "prefers-color-scheme:dark",
        ">\nfirst minutes: 50m to 1h15m\n<",
        ">\nwhole run\n<",
        "acme/us-west-2/orders: serving from 0s to the end.",
        "Fault: main/us-east-1: disabled from 1h00m05s to 6h00m05s.",
    ] {
        assert!(svg.contains(part), "{part} is not in\n{svg}");
    }
    assert!(!svg.contains('✗'), "all holds");
}

#[test]
fn what_does_not_hold_is_marked() {
    let svg = lanes(&fails());
    assert!(svg.contains(">\n✗ 7\n<"), "{svg}");
    assert!(svg.contains("Expectation 7 does not hold at 2h:"), "{svg}");
}

#[test]
fn collections_with_one_history_share_a_lane() {
    let many = HOLDS.replace("us-west-2/orders: {", "us-west-2/orders: { count: 40000,");
    let svg = lanes(&many);
    assert!(
        svg.contains("acme/us-west-2/orders-* (40,000 collections)"),
        "{svg}"
    );
    assert!(svg.len() <= 60_000, "{} bytes", svg.len());
}

#[test]
fn many_sick_collections_are_few_lanes() {
    let (plain, _) = HOLDS.split_once("expect:").expect("it has expectations");
    let many = plain.replace("us-east-1/clicks: {", "us-east-1/clicks: { count: 500,");
    let svg = lanes(&many);
    assert!(
        svg.contains("acme/us-east-1/clicks-* (500 collections)"),
        "{svg}"
    );
    assert!(svg.contains("the others differ by up to"), "{svg}");
    assert!(svg.len() <= 60_000, "{} bytes", svg.len());
}

#[test]
fn a_calm_run_is_one_panel() {
    let (calm, _) = HOLDS.split_once("events:").expect("it has events");
    let svg = lanes(calm);
    assert!(!svg.contains("first minutes"));
    assert!(svg.contains("acme/us-east-1/* (2 collections): serving from 0s to the end."));
}

#[test]
fn a_deadline_that_was_met_is_not_drawn() {
    let (plain, _) = HOLDS.split_once("expect:").expect("it has expectations");
    assert!(lanes(plain).contains("Deadline: restore by 5h00m01s."));
    let soon = plain.replace("for: 5h", "for: 10m");
    assert_ne!(soon, plain);
    assert!(!lanes(&soon).contains("restore by"));
}

#[test]
fn a_good_minute_between_two_faults_shows() {
    let (plain, _) = HOLDS.split_once("expect:").expect("it has expectations");
    let disable = |at: &str, long: &str| {
        format!("  - {{ at: {at}, do: DisableKey, key: main, region: us-east-1, for: {long} }}\n")
    };
    let twice = plain.replace(
        &disable("1h", "5h"),
        &(disable("1h", "2h") + &disable("3h1m", "3h")),
    );
    assert_ne!(twice, plain);
    let svg = lanes(&twice);
    let whole = svg.lines().filter(|it| {
        it.starts_with("<rect") && it.contains("height=\"17\"") && it.contains("#767676")
    });
    assert_eq!(whole.count(), 3, "one at the left, two in the whole: {svg}");
}
