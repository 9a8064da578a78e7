//! A child process that does not outlive the test.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::wait;

type Lines = Arc<Mutex<Vec<String>>>;

/// A running child process. Its output is kept. Dropping kills the process, and prints the output if the test has failed.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    lines: Lines,
    errors: Lines,
    readers: [JoinHandle<()>; 2],
}

impl Process {
    /// Starts a program; `remedy` is the advice for a missing program.
    pub fn start(command: &mut Command, remedy: &str) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.unwrap_or_else(|error| panic!("{}", not_started(&name, &error, remedy)));
        let (lines, errors) = (Lines::default(), Lines::default());
        let readers =
            [collect(child.stdout.take(), [&lines]), collect(child.stderr.take(), [&lines, &errors])];
        Self { name, child, lines, errors, readers }
    }

    /// Returns the lines written so far to both outputs.
    pub fn output(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the lines written so far to standard error.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line for which `find` returns a value.
    #[track_caller]
    pub fn wait_for_line<T>(&mut self, timeout: Duration, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let found = wait::poll(timeout, || {
            // Checked before the output: once both readers have ended, no more lines come.
            let ended = self.is_read();
            match self.output().iter().find_map(|line| find(line)) {
                Some(value) => Some(Some(value)),
                None => ended.then_some(None),
            }
        });
        found.flatten().unwrap_or_else(|| panic!("{} did not print {what} within {timeout:?}", self.name))
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the signal of Ctrl-C.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// Sends a signal, such as `TERM`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("sh")
            .args(["-c", "kill -\"$0\" \"$1\"", signal, &self.child.id().to_string()])
            .status()
            .expect("a shell to send the signal with");
        assert!(sent.success(), "{} could not be sent {signal}: {sent}", self.name);
    }

    /// Waits until the process has ended and its output is read.
    #[track_caller]
    pub fn wait_for_end(&mut self, timeout: Duration) -> ExitStatus {
        let status = self.wait_for_exit(timeout);
        let read = wait::poll(timeout, || self.is_read().then_some(()));
        assert!(read.is_some(), "the output of {} is still open after {timeout:?}", self.name);
        status
    }

    /// Waits until the process has ended.
    #[track_caller]
    pub fn wait_for_exit(&mut self, timeout: Duration) -> ExitStatus {
        wait::poll(timeout, || self.status())
            .unwrap_or_else(|| panic!("{} still runs after {timeout:?}", self.name))
    }

    /// Returns whether all output is read.
    fn is_read(&self) -> bool {
        self.readers.iter().all(JoinHandle::is_finished)
    }

    fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the state of a child")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            wait::poll(Duration::from_secs(1), || self.is_read().then_some(()));
            eprintln!("---- output of {}:\n{}\n----", self.name, self.output().join("\n"));
        }
    }
}

/// Returns the message for a program that did not start, with the remedy if it does not exist.
pub fn not_started(name: &str, error: &std::io::Error, remedy: &str) -> String {
    if error.kind() == ErrorKind::NotFound {
        format!("`{name}` is missing: {remedy}")
    } else {
        format!("cannot start `{name}`: {error}")
    }
}

/// Reads one of the outputs on a thread of its own, so that the child never waits for a reader.
fn collect<const N: usize>(output: Option<impl Read + Send + 'static>, lines: [&Lines; N]) -> JoinHandle<()> {
    let output = output.expect("the output is a pipe");
    let lines = lines.map(Arc::clone);
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            for lines in &lines {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
            }
        }
    })
}
