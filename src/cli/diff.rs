//! `keyoutage diff`: two runs compared, from scenarios or from what was saved.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::cli::arguments::{Diff, FailOn, Plain, Replay};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::replay;
use crate::cli::save;
use crate::cli::saved;
use crate::cli::streams::{self, Colors};
use crate::diff;
use crate::profile::Profile;
use crate::report::{Run, Told};
use crate::scenario::Changes;
use crate::text::clean;

/// One of the two: its file, and what is changed about it.
struct Side {
    path: PathBuf,
    seed: Option<u64>,
    changes: Changes,
}

impl Side {
    /// As people call it: the file, and what was changed.
    fn name(&self) -> String {
        let mut name = input::name(&self.path);
        if let Some(seed) = self.seed {
            name.push_str(&format!(" --seed {seed}"));
        }
        if let Some(profile) = &self.changes.profile {
            name.push_str(&format!(" --profile {}", clean(profile)));
        }
        for (parameter, value) in &self.changes.set {
            let quote = if value.contains(' ') { "'" } else { "" };
            name.push_str(&format!(
                " --set {quote}{parameter}={}{quote}",
                clean(value)
            ));
        }
        name
    }

    fn is_changed(&self) -> bool {
        self.seed.is_some() || self.changes != Changes::default()
    }
}

/// Compares two runs and tells what differs.
pub(super) fn diff(asked: &Diff, colors: Colors) -> Result<u8, Trouble> {
    let [a, b] = sides(asked)?;
    let output = asked.output.as_deref();
    save::check(output, &[a.path.clone(), b.path.clone()])?;
    let names = [a.name(), b.name()];
    let mut files = vec![a.path.clone(), b.path.clone()];
    // Standard input is there once, and what A was read from B is read from too.
    let bytes = input::read_run(&a.path)?;
    let (one, other) = if asked.b.is_some() {
        let one = told(&a, &bytes, colors, true, &mut files)?;
        drop(bytes);
        let bytes = input::read_run(&b.path)?;
        (one, told(&b, &bytes, colors, true, &mut files)?)
    } else {
        let one = told(&a, &bytes, colors, true, &mut files)?;
        (one, told(&b, &bytes, colors, false, &mut files)?)
    };
    files.retain(|it| !input::is_stdin(it));
    let difference = diff::compare(&one, &other);
    let names = [names[0].as_str(), names[1].as_str()];
    let text = |out: &mut dyn fmt::Write| match asked.format {
        Plain::Text => diff::text(&difference, names, out),
        Plain::Json => diff::json(&difference, names, out),
    };
    save::save(&text, output, &files)?;
    let fails = match asked.fail_on {
        FailOn::Any => !difference.is_same(),
        FailOn::Regression => !(difference.worse.is_empty() && difference.unclear.is_empty()),
    };
    Ok(if fails { UNMET } else { FINE })
}

/// Who is A and who is B.
fn sides(asked: &Diff) -> Result<[Side; 2], Trouble> {
    let seeds = each(&asked.seed, "--seed")?;
    let profiles = each(&asked.profile, "--profile")?;
    for profile in profiles.iter().flatten() {
        known(profile)?;
    }
    for (at, (parameter, _)) in asked.set.iter().enumerate() {
        if asked.set[..at].iter().any(|(it, _)| it == parameter) {
            return Err(Trouble::Input(format!(
                "--set {parameter} is given twice; once is due"
            )));
        }
    }
    let changed = !(asked.seed.is_empty() && asked.profile.is_empty() && asked.set.is_empty());
    if asked.b.is_none() && !changed {
        return Err(Trouble::Input(
            "there is nothing to compare with: give B, or --seed, --profile or --set for A changed by them".to_owned(),
        ));
    }
    let b = asked.b.as_ref().unwrap_or(&asked.a);
    if asked.b.is_some() && input::is_stdin(&asked.a) && input::is_stdin(b) {
        return Err(Trouble::Input(
            "standard input (`-`) can be one of the two, not both".to_owned(),
        ));
    }
    let side = |at: usize, path: &Path, set| Side {
        path: path.to_owned(),
        seed: seeds[at],
        changes: Changes {
            profile: profiles[at].clone(),
            set,
        },
    };
    Ok([side(0, &asked.a, Vec::new()), side(1, b, asked.set.clone())])
}

/// What is given once is of B, twice of A and of B.
fn each<T: Clone>(given: &[T], name: &str) -> Result<[Option<T>; 2], Trouble> {
    match given {
        [] => Ok([None, None]),
        [b] => Ok([None, Some(b.clone())]),
        [a, b] => Ok([Some(a.clone()), Some(b.clone())]),
        _ => Err(Trouble::Input(format!(
            "{name} can be given twice, for A and for B, not more often"
        ))),
    }
}

fn known(profile: &str) -> Result<(), Trouble> {
    if Profile::find(profile).is_some() {
        return Ok(());
    }
    let all = Profile::all().into_iter().map(|it| it.name);
    let all: Vec<String> = all.collect();
    Err(Trouble::Input(format!(
        "--profile: there is no profile {}; one of: {}",
        clean(profile),
        all.join(", ")
    )))
}

/// The run of one side: read back, or replayed. Its policies are added to `files`.
fn told(
    side: &Side,
    bytes: &[u8],
    colors: Colors,
    warns: bool,
    files: &mut Vec<PathBuf>,
) -> Result<Told, Trouble> {
    if let Some(told) = saved::read(bytes, &side.path)? {
        if side.is_changed() {
            return Err(Trouble::Input(format!(
                "{} is a saved run; --seed, --profile and --set belong to scenarios",
                input::name(&side.path)
            )));
        }
        return Ok(told);
    }
    input::small_enough(bytes, &side.path)?;
    let loaded = load::from(bytes, &side.path, &side.changes);
    let loaded = loaded.map_err(|it| it.trouble(colors.err))?;
    if warns && !loaded.warnings.is_empty() {
        streams::tell(&loaded.warnings.render(colors.err));
    }
    let asked = Replay {
        seed: side.seed,
        until: None,
        threads: None,
    };
    let it = replay::run(loaded, &asked)?;
    let digest = it.timeline.digest();
    files.extend(it.files);
    Ok(Told::of(&Run {
        timeline: &it.timeline,
        expectations: &it.scenario.expectations,
        verdicts: &it.verdicts,
        digest: &digest,
    }))
}
