//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::streams::Color;
use crate::cli::test::Pattern;
use crate::coverage::Threshold;
use crate::profile::amount::whole;
use crate::profile::{Parameter, Profile};
use crate::scenario::Changes;
use crate::time::{Calendar, Span};

/// The most threads that can be asked for.
const MOST_THREADS: u64 = 1024;

/// The most seeds that can be asked for at once.
const MOST_SEEDS: u64 = 1_000_000;

/// Replays what happens when a customer-managed KMS key becomes unavailable.
#[derive(Parser, Debug)]
#[command(name = "keyoutage", version, propagate_version = true)]
#[command(after_help = "Examples:
  keyoutage run scenarios/outage/disabled-replica.yaml
  keyoutage test scenarios
  keyoutage chart scenarios/outage/disabled-replica.yaml -o outage.svg
  keyoutage diff scenarios/outage/disabled-replica.yaml --set cache.life=2m
  keyoutage check-policy key.json --arn arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab

Exit codes: 0 fine, 1 an expectation or a check does not hold, a request is not allowed, or two runs differ, 2 bad
input or usage, 3 the machine failed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to color
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Run(Run),
    Test(Test),
    Check(Check),
    CheckPolicy(CheckPolicy),
    Decide(Decide),
    Chart(Chart),
    Explain(Explain),
    Diff(Diff),
    Profiles(Profiles),
    /// List the rules R1 to R10, the model's own, and what is not modelled
    #[command(after_help = "Examples:
  keyoutage rules
  keyoutage rules | grep R7")]
    Rules,
    /// Print the JSON Schema of the scenario language
    #[command(after_help = "Examples:
  keyoutage schema
  keyoutage schema > schema.json")]
    Schema,
}

/// Replay a scenario: a summary, the timeline, the verdicts
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage run outage.yaml
  keyoutage run outage.yaml --format json -o outage.json
  cat outage.yaml | keyoutage run - --until 2h")]
pub(super) struct Run {
    /// The scenario; `-` is standard input
    pub(super) file: PathBuf,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) replay: Replay,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// How a run can differ from what its file says.
#[derive(Args, Debug)]
pub(super) struct Replay {
    /// The seed of all dice, instead of the file's
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Stop earlier: a time from the start, as 2h30m, or an instant where the file has a `start:`
    #[arg(long, value_name = "T", value_parser = moment)]
    pub(super) until: Option<Moment>,
    /// How many threads; the result is the same for any number
    #[arg(long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    pub(super) threads: Option<u64>,
}

/// A way to tell a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// One document, schema keyoutage/timeline/1
    Json,
    /// One JSON value a line, an entry each
    Ndjson,
    /// A table of the entries
    Csv,
    /// A page for documents
    Markdown,
    /// The golden timeline that `test --update` keeps beside a scenario
    Timeline,
}

/// Judge the expectations of every scenario below some paths, and the golden timelines beside them
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage test scenarios
  keyoutage test scenarios --run outage/ --seeds 1000
  keyoutage test scenarios --format github --junit results.xml

Folders are walked for *.yaml and *.yml; hidden folders and folders named `policies` are passed over. Where the
environment names a GITHUB_STEP_SUMMARY, a page for the job is appended to it.

Exit codes: 0 all holds, 1 something does not, 2 a file is no scenario, or nothing was judged, 3 the machine failed.")]
pub(super) struct Test {
    /// Scenarios and folders of scenarios; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Only scenarios whose path or `name:` matches
    #[arg(long, value_name = "REGEX", value_parser = Pattern::parse)]
    pub(super) run: Option<Pattern>,
    /// The seed of all dice, instead of the files'
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Each must hold with each of so many seeds: its own, or --seed, and those that follow
    #[arg(long, value_name = "N", value_parser = seeds, allow_negative_numbers = true)]
    pub(super) seeds: Option<u64>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: SuiteFormat,
    /// Writes a JUnit file, too
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Write the golden timelines anew: those that are there, and those of scenarios that are named themselves. A golden
    /// timeline is kept of the seed that the file gives; with another it is left alone
    #[arg(long, conflicts_with = "fail_fast")]
    pub(super) update: bool,
    /// Stop at the first that does not hold; what comes after it in order is skipped
    #[arg(long, conflicts_with_all = ["coverage", "coverage_threshold", "mutate_rules"])]
    pub(super) fail_fast: bool,
    #[command(flatten)]
    pub(super) cover: Cover,
    /// How many threads; the result is the same for any number
    #[arg(long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    pub(super) threads: Option<u64>,
}

/// A way to tell a suite.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum SuiteFormat {
    /// For people
    #[default]
    Text,
    /// One document, schema keyoutage/test/1
    Json,
    /// The Test Anything Protocol, version 14
    Tap,
    /// Remarks for GitHub Actions
    Github,
}

/// What is said of the suite itself, after its verdicts.
#[derive(Args, Debug)]
pub(super) struct Cover {
    /// Tell which rules, numbers, states and moves the scenarios exercise, and which their expectations assert; what
    /// need not be covered stands in `exempt.yaml` in their folder, as `item: reason`
    #[arg(long)]
    pub(super) coverage: bool,
    /// Tell that, and exit with 1 where less than so much is covered, such as 95%
    #[arg(long, value_name = "SHARE", value_parser = Threshold::parse)]
    pub(super) coverage_threshold: Option<Threshold>,
    /// Break one rule of the model at a time, and tell which breaks no expectation notices
    #[arg(long)]
    pub(super) mutate_rules: bool,
}

/// Read scenarios without running them: all problems and warnings, and whether every org can begin (R1 to R4)
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage check scenarios
  keyoutage check outage.yaml --format github

`keyoutage explain K003` says what a finding means.")]
pub(super) struct Check {
    /// Scenarios and folders of scenarios; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to tell the findings; what makes a file no scenario is told on standard error, too
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: FindingFormat,
}

/// Check a key policy before it is put: would the service keep its access (R3), and how is it mended
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage check-policy key.json --arn arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
  aws kms get-key-policy --key-id mrk-1234abcd12ab34cd56ef1234567890ab --policy-name default | \\
    keyoutage check-policy - --arn ARN --format github

It is judged as if it were put now on a key in use. What the service's calls carry is what its profile says; what nobody
published cannot be told, and is a finding. `keyoutage explain K003` says what a finding means.

Exit codes: 0 it passes (warnings allowed), 1 it does not, 2 AWS would refuse it, or bad usage.")]
pub(super) struct CheckPolicy {
    /// The policy, as JSON or as `aws kms get-key-policy` prints it; `-` is standard input
    pub(super) file: PathBuf,
    /// The key that has the policy, by its ARN: each replica has its own
    #[arg(long, value_name = "ARN")]
    pub(super) arn: String,
    /// The service's account, instead of the profile's
    #[arg(long, value_name = "ID")]
    pub(super) service_account: Option<String>,
    /// The service; `keyoutage profiles` lists them
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The instant at which it is judged, where conditions ask for the time
    #[arg(long, value_name = "INSTANT", value_parser = Calendar::parse)]
    pub(super) at: Option<Calendar>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: FindingFormat,
}

/// A way to tell findings.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum FindingFormat {
    /// For people
    #[default]
    Text,
    /// One document, schema keyoutage/check/1
    Json,
    /// Remarks for GitHub Actions
    Github,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
}

/// Ask a policy about one request: what is not said, the request does not carry
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage decide --policy key.json --arn arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab \\
    --principal arn:aws:iam::444455556666:root --action kms:Decrypt
  aws kms get-key-policy --key-id mrk-1234abcd12ab34cd56ef1234567890ab --policy-name default | \\
    keyoutage decide --policy - --arn ARN --principal 444455556666 --action kms:Decrypt \\
    --context kms:ViaService=s3.us-west-2.amazonaws.com --format json

The request carries the --context pairs, and of its principal aws:PrincipalArn, aws:PrincipalAccount,
aws:PrincipalType, aws:PrincipalIsAWSService and kms:CallerAccount; nothing else. The identity's own permissions are
taken to allow it. The text counts statements from 1, \"statement\" of the JSON document from 0, as an index into the
policy's list.

Exit codes: 0 it is allowed, 1 it is not or cannot be told, 2 AWS would refuse the policy, or bad usage.")]
pub(super) struct Decide {
    /// The policy, as JSON or as `aws kms get-key-policy` prints it; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) policy: PathBuf,
    /// The key, by its ARN
    #[arg(long, value_name = "ARN")]
    pub(super) arn: String,
    /// Who asks: an account, its root, a role, a user, a session or a service
    #[arg(long, value_name = "ARN")]
    pub(super) principal: String,
    /// What is asked: one operation, as kms:Decrypt
    #[arg(long, value_name = "ACTION")]
    pub(super) action: String,
    /// What the request carries; a key that is repeated has several values
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) context: Vec<String>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Plain,
}

/// For people or for programs.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Plain {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// Draw a run as SVG
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage chart outage.yaml -o outage.svg
  keyoutage chart outage.yaml --until 8h -o - > outage.svg")]
pub(super) struct Chart {
    /// The scenario; `-` is standard input
    pub(super) file: PathBuf,
    /// Which picture
    #[arg(long, value_enum, default_value_t)]
    pub(super) kind: Picture,
    #[command(flatten)]
    pub(super) replay: Replay,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// A kind of picture.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Picture {
    /// A row for each collection, over time
    #[default]
    Lanes,
}

/// Say why it is so: the causes of the state of a collection, a site or a key, or what a code of a message means
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage explain outage.yaml --at 6h --collection acme/us-east-1/clicks
  keyoutage explain outage.yaml --at 6h --site acme/us-east-1
  keyoutage explain E014")]
pub(super) struct Explain {
    /// A scenario, or a code such as E014; `-` is standard input
    #[arg(value_name = "FILE|CODE")]
    pub(super) what: PathBuf,
    /// The instant to explain, as 5h05m
    #[arg(long, value_name = "T", value_parser = moment)]
    pub(super) at: Option<Moment>,
    /// The collection to explain
    #[arg(long, value_name = "ORG/REGION/NAME", conflicts_with_all = ["site", "key"])]
    pub(super) collection: Option<String>,
    /// The site to explain: an org in a region, with its places
    #[arg(long, value_name = "ORG/REGION", conflicts_with = "key")]
    pub(super) site: Option<String>,
    /// The key to explain, in a region
    #[arg(long, value_name = "KEY/REGION")]
    pub(super) key: Option<String>,
    #[command(flatten)]
    pub(super) replay: Replay,
}

/// Compare two runs: which facts come earlier, later, are gone or new, and whether anything got worse
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  keyoutage diff before.yaml after.yaml
  keyoutage diff outage.yaml --set cache.life=2m --fail-on regression
  keyoutage run outage.yaml --format ndjson | keyoutage diff outage.timeline -

A and B are scenarios, or runs that `run` saved with --format ndjson, json or timeline; which of them a file is, its
content says. Without B, A is compared with itself: changed by --seed, --profile and --set. Each of them belongs to B;
--seed and --profile that are given twice belong to A and to B: `outage.yaml --seed 1 --seed 2`.

--fail-on regression ends with 1 only if something got worse from A to B, for a collection or site that both have:
  more_queries_failed       more queries failed
  earlier_pause             PAUSING comes earlier, or comes and did not
  longer_halt               ingestion was halted longer in all
  greater_lag               the greatest lag is greater
  earlier_loss              the source drops uncommitted data earlier, or does and did not
  more_lost                 more bytes were lost
  worse_outcome             resumed (or none) < resumed_with_gap < recreate_from_source < recreate_with_loss
  earlier_restore_deadline  the last instant to restore is earlier, or there is one and was none
  cannot_operate            a site that could operate cannot at the end

Each run is judged to its own end. What was asked otherwise (parameters, until, policies) is told; by itself it is no
difference. A golden timeline folds what is alike, and what it is compared with is folded as well. A subject with more
than some thousand facts on both sides is compared fact by fact in their order, not in the best of all ways.

Exit codes: 0 the same (or nothing worse), 1 they differ (or something is worse), 2 bad input or usage.")]
pub(super) struct Diff {
    /// A scenario or a saved run; `-` is standard input
    pub(super) a: PathBuf,
    /// Another; left out, it is A with --seed, --profile or --set
    pub(super) b: Option<PathBuf>,
    /// The seed of B; given twice, of A and of B
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(super) seed: Vec<u64>,
    /// The service of B; given twice, of A and of B
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Vec<String>,
    /// A number or choice of B, over its file's, as `set:` takes it; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = Changes::setting)]
    pub(super) set: Vec<(Parameter, String)>,
    /// When to end with 1
    #[arg(long, value_enum, default_value_t)]
    pub(super) fail_on: FailOn,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Plain,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// What makes a comparison fail.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum FailOn {
    /// Any difference
    #[default]
    Any,
    /// Only what got worse, or what is folded so that it cannot be told
    Regression,
}

/// List the services that ship, or the numbers of one, each with its source
#[derive(Args, Debug)]
#[command(after_help = profiles_help())]
pub(super) struct Profiles {
    /// The service
    pub(super) name: Option<String>,
}

/// The examples name a service that ships.
fn profiles_help() -> String {
    let examples = Profile::all().into_iter().map(|it| it.name);
    let examples = examples.map(|name| format!("\n  keyoutage profiles {name}"));
    format!(
        "Examples:\n  keyoutage profiles{}",
        examples.collect::<String>()
    )
}

/// A point of a run as the user writes it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Moment {
    /// So long after the start.
    After(Span),
    /// An instant of the calendar.
    On(Calendar),
}

fn moment(text: &str) -> Result<Moment, String> {
    if text.contains('T') {
        return Calendar::parse(text).map(Moment::On);
    }
    Span::parse(text).map(Moment::After)
}

fn seed(text: &str) -> Result<u64, String> {
    whole(text, u64::MAX)
}

fn seeds(text: &str) -> Result<u64, String> {
    match whole(text, MOST_SEEDS)? {
        0 => Err(format!("a number from 1 to {MOST_SEEDS} is due")),
        seeds => Ok(seeds),
    }
}

fn threads(text: &str) -> Result<u64, String> {
    match whole(text, MOST_THREADS)? {
        0 => Err(format!("a number from 1 to {MOST_THREADS} is due")),
        threads => Ok(threads),
    }
}
