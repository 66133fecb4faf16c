//! Requests to the local page's server, over its socket: whatever is sent, it answers or closes, and goes on.

use cuibono::load;
use cuibono::model::AsOf;
use cuibono::search::EntityNames;
use cuibono::serve::{Address, Data, Options, TIME, run};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

/// A server that runs as long as the process.
struct Server {
    port: u16,
    token: String,
    cookie: String,
}

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends bytes to the server: as they are, or as an address asked for by who may ask.
///
/// # Panics
///
/// Where the server does not answer a request of its own page.
pub fn check(bytes: &[u8]) {
    let Some((&way, rest)) = bytes.split_first() else { return };
    let server = server();
    match way % 4 {
        0 => {
            // What is not a whole request would be waited for.
            server.send(&server.filled_in(rest), true);
        }
        1 => server.ask(rest),
        _ => server.ask_with(rest),
    }
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let graph = load::built_in().expect("the dataset that is compiled in");
        let names = EntityNames::of(&graph);
        let as_of: AsOf = "2021-05-31".parse().expect("a day");
        let data = Data { graph, names, as_of, open_world: false, time: TIME, arguments: Vec::new() };
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let ready = |address: &Address| tell.send(address.shown.clone()).expect("somebody listens");
            run(data, &Options::default(), ready).expect("a server");
        });
        let address = told.recv().expect("an address");
        let rest = address.strip_prefix("http://127.0.0.1:").expect("a loopback address");
        let (port, token) = rest.split_once("/#token=").expect("a token");
        let mut server = Self { port: port.parse().expect("a port"), token: token.to_owned(), cookie: String::new() };
        server.cookie = server.begin();
        server
    }

    /// Exchanges the token for a cookie.
    fn begin(&self) -> String {
        let body = format!("{{\"token\":\"{}\"}}", self.token);
        let head = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {1}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let answer = String::from_utf8(self.send(head.as_bytes(), false)).expect("text");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    /// Puts in what only this run knows, so that an input can come past the guard.
    fn filled_in(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for (word, value) in [("$PORT", &self.port.to_string()), ("$TOKEN", &self.token), ("$COOKIE", &self.cookie)] {
            while let Some(at) = bytes.windows(word.len()).position(|part| part == word.as_bytes()) {
                bytes.splice(at..at + word.len(), value.bytes());
            }
        }
        bytes
    }

    /// Sends bytes, says that there are no more where `ended`, and reads until the other side closes.
    fn send(&self, bytes: &[u8], ended: bool) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(bytes);
        if ended {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("no answer and no end"),
            _ => answer,
        }
    }

    /// A request with a right head for whatever stands after the first slash.
    fn ask(&self, target: &[u8]) {
        let plain: Vec<u8> = target.iter().copied().filter(u8::is_ascii_graphic).collect();
        self.get(&String::from_utf8_lossy(&plain));
    }

    /// A question with parameters: what cannot stand in an address is encoded.
    fn ask_with(&self, target: &[u8]) {
        let encoded: String = target
            .iter()
            .map(|&byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'?' | b'&' | b'=' | b'-' | b'_' | b'.' | b'/' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect();
        self.get(&format!("api/v1/{encoded}"));
    }

    fn get(&self, target: &str) {
        let head = format!(
            "GET /{target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            self.port, self.cookie
        );
        let answer = self.send(head.as_bytes(), false);
        let status = answer.strip_prefix(b"HTTP/1.1 ").map(|rest| &rest[..3]);
        let status = status.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&answer)));
        assert_ne!(status, b"500", "{}", String::from_utf8_lossy(&answer));
        let text = String::from_utf8_lossy(&answer);
        // What the reader of requests refuses by itself never comes to the page's own answers.
        let from_the_page = status != b"400" && status != b"414" && status != b"431" || text.contains("content-type");
        assert!(!from_the_page || text.contains("content-security-policy"), "{text}");
    }
}
