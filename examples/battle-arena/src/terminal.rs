//! Output of the program: lines, and on a terminal a status line below them. The log goes between.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write, stderr, stdout},
    sync::{Mutex, PoisonError},
};

/// Moves to the beginning of the line and erases it.
const ERASE_LINE: &str = "\r\x1b[K";

/// Current status line; empty if there is none.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Returns `true` if the output is a terminal.
pub(crate) fn is_terminal() -> bool {
    stdout().is_terminal()
}

/// Prints a line. A closed output is ignored.
pub(crate) fn say(line: impl Display) {
    let _closed = above(|| writeln!(stdout(), "{line}"));
}

/// Replaces the status line, on a terminal.
pub(crate) fn show(line: String) {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last = line;
    let _closed = draw(&mut stdout(), &last);
}

/// Keeps the status line as it is and goes on below.
pub(crate) fn leave() {
    let last = std::mem::take(&mut *LAST.lock().unwrap_or_else(PoisonError::into_inner));
    if !last.is_empty() {
        say("");
    }
}

fn draw(to: &mut impl Write, line: &str) -> io::Result<()> {
    write!(to, "{ERASE_LINE}{line}")?;
    to.flush()
}

/// Erases the status line, writes, and draws it again.
fn above(write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    between(&mut stdout(), &last, write)
}

fn between(terminal: &mut impl Write, last: &str, write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    if last.is_empty() {
        return write();
    }
    draw(terminal, "")?;
    let written = write();
    draw(terminal, last)?;
    written
}

/// Standard error, for whole lines.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        above(|| stderr().write_all(lines)).map(|()| lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Terminal that shows both outputs.
    struct Screen<'a>(&'a RefCell<Vec<u8>>);

    impl Write for Screen<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn log_lines_stand_above_the_status_line() {
        for (last, expected) in [("", "a failure\n"), ("7 requests", "\r\x1b[Ka failure\n\r\x1b[K7 requests")]
        {
            let screen = RefCell::default();
            let log = || Screen(&screen).write_all(b"a failure\n");
            between(&mut Screen(&screen), last, log).unwrap();
            assert_eq!(String::from_utf8(screen.into_inner()).unwrap(), expected);
        }
    }
}
