//! A mail server that keeps the mails it receives.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

type Mails = Arc<Mutex<Vec<String>>>;

/// A mail server on a free port, for as long as the test runs.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    mails: Mails,
}

impl MailServer {
    /// Starts the server.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let mails = Mails::default();
        let kept = Arc::clone(&mails);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // An incomplete mail is ignored.
                let _ = take(&client, &kept);
            }
        });
        Self { address, mails }
    }

    /// Returns the address of the server.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the mails received so far, each with headers and body.
    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Speaks the part of SMTP that all clients use.
fn take(mut client: &TcpStream, mails: &Mails) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    client.write_all(b"220 tests\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                client.write_all(b"354 go on\r\n")?;
                let mail: Vec<_> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.join("\n"));
                "250 kept\r\n"
            }
            "QUIT" => return client.write_all(b"221 bye\r\n"),
            _ => "250 fine\r\n",
        };
        client.write_all(answer.as_bytes())?;
    }
    Ok(())
}
