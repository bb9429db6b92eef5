//! What a run costs: nanoseconds a collection and an entry as fleets grow, runs a second of a small scenario, and the
//! whole `run` from the start of the process to its exit. What is timed here is what the command runs.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use keyoutage::chance::Seed;
use keyoutage::engine::run;
use keyoutage::scenario::{Scenario, load};

/// One org, so many collections of 16 entries in 4 regions; one replica is disabled for six hours.
fn fleet(collections: u64) -> Scenario {
    const REGIONS: [&str; 4] = ["us-west-2", "us-east-1", "eu-west-1", "eu-west-2"];
    let each = collections / REGIONS.len() as u64;
    let members = REGIONS.map(|region| {
        format!("      {region}/c: {{ source: kafka, queries: 1/s, arrivals: 1 KiB/s, count: {each} }}\n")
    });
    let text = format!(
        "name: fleet\nprofile: rockset\nuntil: 24h\nkeys:\n  main:\n    arn: {ARN}\n    policy: vendor\n    replicas:\n\
         {replicas}orgs:\n  acme:\n    key: main\n    regions: [{regions}]\n    collections:\n{members}\
         events:\n  - {{ at: 1h, do: DisableKey, key: main, region: us-east-1, for: 6h }}\n",
        ARN = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        replicas = REGIONS[1..]
            .iter()
            .map(|it| format!("      {it}: {{ policy: vendor }}\n"))
            .collect::<String>(),
        regions = REGIONS.join(", "),
        members = members.concat(),
    );
    loaded(text.as_bytes())
}

fn loaded(text: &[u8]) -> Scenario {
    let mut read = |name: &str| {
        let beside = std::path::Path::new("scenarios/outage").join(name);
        std::fs::read(beside).map_err(|error| error.to_string())
    };
    match load(text, "bench.yaml", &mut read) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

fn fleets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    for collections in [1_000u64, 100_000, 1_000_000] {
        let scenario = fleet(collections);
        let entries = run(&scenario, Seed(0)).entries.len() as u64;
        for (what, parts) in [("collection", collections), ("entry", entries)] {
            group.bench_function(format!("a {what} of {collections} collections"), |bench| {
                bench.iter_custom(|times| {
                    let mut whole = Duration::ZERO;
                    for _ in 0..times {
                        let watch = criterion::measurement::WallTime;
                        let begun = criterion::measurement::Measurement::start(&watch);
                        let timeline = black_box(run(black_box(&scenario), Seed(0)));
                        whole += criterion::measurement::Measurement::end(&watch, begun);
                        drop(timeline);
                    }
                    whole / u32::try_from(parts).expect("fewer than 2^32 parts")
                });
            });
        }
    }
    group.finish();
}

fn small(criterion: &mut Criterion) {
    const FILE: &str = "scenarios/outage/disabled-replica.yaml";
    let text = std::fs::read(FILE).expect("the shipped scenario is there");
    let scenario = loaded(&text);
    let mut group = criterion.benchmark_group("small scenario");
    group.bench_function("load", |bench| bench.iter(|| loaded(black_box(&text))));
    group.bench_function("one run of a sweep", |bench| {
        let mut seed = 0;
        bench.iter(|| {
            seed += 1;
            run(black_box(&scenario), Seed(seed))
        });
    });
    group.bench_function("digest", |bench| {
        let timeline = run(&scenario, Seed(0));
        bench.iter(|| black_box(&timeline).digest());
    });
    group.bench_function("whole `run`, process start to exit", |bench| {
        bench.iter(|| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_keyoutage"));
            let ended = command.args(["run", FILE]).stdout(Stdio::null()).status();
            assert!(
                ended.expect("the program starts").success(),
                "the shipped scenario holds"
            );
        });
    });
    group.bench_function("`--version`, process start to exit", |bench| {
        bench.iter(|| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_keyoutage"));
            command
                .arg("--version")
                .stdout(Stdio::null())
                .status()
                .expect("the program starts")
        });
    });
    group.finish();
}

criterion_group!(benches, small, fleets);
criterion_main!(benches);
