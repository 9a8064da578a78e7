//! Writes a crate of annotated functions into a folder: `scripts/build-cost` builds it in each variant.
//!
//! `generate FOLDER VARIANT FUNCTIONS`. Half of the functions are `async`, all return a `Result` that `?` and `return` leave
//! early, and `main` calls each, so the linker keeps all of them.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// Functions in one module.
const MODULE: usize = 50;

/// Attributes above each function, and the dependencies that they need.
struct Variant {
    name: &'static str,
    dependencies: &'static str,
    attributes: &'static str,
    /// Attribute of one additional function, so that the runtime is part of the program.
    once: &'static str,
}

const VARIANTS: [Variant; 6] = [
    Variant { name: "plain", dependencies: "", attributes: "", once: "" },
    Variant { name: "runtime", dependencies: OURS, attributes: "", once: "#[metrics_core::observed]" },
    Variant {
        name: "counted-timed",
        dependencies: OURS,
        attributes: "#[metrics_core::counted]\n#[metrics_core::timed]",
        once: "",
    },
    Variant { name: "observed", dependencies: OURS, attributes: "#[metrics_core::observed]", once: "" },
    Variant {
        name: "autometrics",
        dependencies: "autometrics = { version = \"3.0.0\", features = [\"prometheus-0_14\"] }",
        attributes: "#[autometrics::autometrics]",
        once: "",
    },
    Variant {
        name: "tracing",
        dependencies: "tracing = \"0.1.41\"",
        attributes: "#[tracing::instrument]",
        once: "",
    },
];

/// Dependency of the annotated variants; `{core}` is replaced by the path.
const OURS: &str = "metrics-core = { path = \"{core}\" }";

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(folder), Some(variant)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("generate FOLDER VARIANT [FUNCTIONS]"));
    };
    let functions = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(500);
    let Some(variant) = VARIANTS.iter().find(|one| one.name == variant) else {
        let names = VARIANTS.map(|variant| variant.name);
        return Err(io::Error::other(format!("no such variant; there are {}", names.join(", "))));
    };
    let source = PathBuf::from(&folder).join("src");
    fs::create_dir_all(&source)?;
    fs::write(Path::new(&folder).join("Cargo.toml"), manifest(variant))?;
    fs::write(source.join("main.rs"), main_file(variant, functions))?;
    for start in (0..functions).step_by(MODULE) {
        let end = functions.min(start + MODULE);
        fs::write(source.join(format!("module{}.rs", start / MODULE)), module(variant, start, end))?;
    }
    Ok(())
}

/// A separate workspace, so the settings of this one do not change the figures.
fn manifest(variant: &Variant) -> String {
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../metrics-core");
    let dependencies = variant.dependencies.replace("{core}", core);
    format!(
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\n{dependencies}\n"
    )
}

fn module(variant: &Variant, start: usize, end: usize) -> String {
    let mut text = String::from("use crate::Error;\n");
    let attributes = variant.attributes;
    for number in start..end {
        let turn = number % 63 + 1;
        let modulus = number + 7;
        // Writing to a string does not fail.
        let _ = if number % 2 == 0 {
            write!(
                text,
                "
{attributes}
pub fn function{number}(input: &str) -> Result<u64, Error> {{
    let number: u64 = input.trim().parse()?;
    if number % {modulus} == 3 {{
        return Err(Error::Refused(number));
    }}
    Ok(number.wrapping_mul({modulus}).rotate_left({turn}))
}}
"
            )
        } else {
            write!(
                text,
                "
{attributes}
pub async fn function{number}(input: &str) -> Result<u64, Error> {{
    let number: u64 = input.trim().parse()?;
    let number = std::future::ready(number ^ {turn}).await;
    if number % {modulus} == 3 {{
        return Err(Error::Refused(number));
    }}
    Ok(number.wrapping_mul({modulus}).rotate_left({turn}))
}}
"
            )
        };
    }
    text
}

fn main_file(variant: &Variant, functions: usize) -> String {
    let mut text = String::new();
    for number in 0..functions.div_ceil(MODULE) {
        let _ = writeln!(text, "mod module{number};");
    }
    text.push_str(SUPPORT);
    let _ = write!(
        text,
        "\n{}\nfn once(input: &str) -> Result<u64, Error> {{\n    Ok(input.parse()?)\n}}\n",
        variant.once
    );
    text.push_str("\nfn main() {\n    let input = std::env::args().nth(1).unwrap_or_default();\n");
    text.push_str("    let mut failed = usize::from(once(&input).is_err());\n");
    for number in 0..functions {
        let call = format!("module{}::function{number}(&input)", number / MODULE);
        let call = if number % 2 == 0 { call } else { format!("ready({call})") };
        let _ = writeln!(text, "    failed += usize::from({call}.is_err());");
    }
    text.push_str("    println!(\"{failed}\");\n}\n");
    text
}

const SUPPORT: &str = "
use std::{future::Future, num::ParseIntError, pin::pin, task::{Context, Poll, Waker}};

#[derive(Debug)]
pub enum Error {
    Number(ParseIntError),
    Refused(u64),
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(error) => write!(formatter, \"{error}\"),
            Self::Refused(number) => write!(formatter, \"{number} is refused\"),
        }
    }
}

impl From<ParseIntError> for Error {
    fn from(error: ParseIntError) -> Self {
        Self::Number(error)
    }
}

fn ready<T, E>(future: impl Future<Output = Result<T, E>>) -> Result<T, Option<E>> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value.map_err(Some),
        Poll::Pending => Err(None),
    }
}
";
