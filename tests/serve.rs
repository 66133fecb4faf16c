//! The local page's server, spoken to over its socket: who is answered, with what, and what it withstands.
#![cfg(feature = "serve")]

#[path = "support/run.rs"]
mod run;

use run::{Folder, cuibono};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that ends with the test.
struct Server {
    child: Child,
    port: u16,
    token: String,
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = |line: &&str| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        self.head.lines().find(line).map(|line| line[name.len() + 1..].trim())
    }
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
            .args(["serve", "--no-open"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{line:?}"));
        let (port, token) = address.split_once("/#token=").unwrap_or_else(|| panic!("{line:?}"));
        assert_eq!(token.len(), 32);
        Self { child, port: port.parse().expect("a port"), token: token.to_owned() }
    }

    fn send(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Reply { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn get(&self, path: &str, headers: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.host()))
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> Reply {
        let length = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}", self.host());
        self.send(&format!("{head}\r\n{headers}\r\n{body}"))
    }

    /// The cookie that the token is exchanged for.
    fn cookie(&self) -> String {
        let headers = format!("Content-Type: application/json\r\nOrigin: http://{}\r\n", self.host());
        let reply = self.post("/api/v1/session", &headers, &format!("{{\"token\":\"{}\"}}", self.token));
        assert_eq!(reply.status, 204, "{}", reply.head);
        let cookie = reply.header("set-cookie").expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        format!("Cookie: {}\r\n", cookie.split(';').next().expect("a pair"))
    }

    fn ask(&self, question: &str, cookie: &str) -> Reply {
        self.get(&format!("/api/v1/{question}"), cookie)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const NSO: &str = "subject=nso-group-technologies-ltd&as_of=2021-05-31";

#[test]
fn only_the_page_of_this_run_is_answered() {
    let server = Server::start(&[]);
    let port = server.port;
    let with_host = |host: &str| server.send(&format!("GET / HTTP/1.1\r\nConnection: close\r\n{host}\r\n")).status;
    for host in
        [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("LocalHost:{port}"), format!("[::1]:{port}")]
    {
        assert_eq!(with_host(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in [
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("localhost.:{port}"),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("0.0.0.0:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("2130706433:{port}"),
    ] {
        assert_eq!(with_host(&format!("Host: {host}\r\n")), 403, "{host}");
    }
    assert!(matches!(with_host(""), 400 | 403), "no host");
    let twice = with_host(&format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n"));
    assert!(matches!(twice, 400 | 403), "two hosts: {twice}");
    let absolute = format!("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(server.send(&absolute).status, 403);
    assert_eq!(server.ask("about", "").status, 401, "without the cookie");
    assert_eq!(server.ask("about", &format!("Cookie: cuibono-{port}={}\r\n", server.token)).status, 401);
    assert_eq!(server.ask("about", &server.cookie()).status, 200);
}

/// Every method from every origin: only the exchange of the token is written, and only from the page itself.
#[test]
fn methods_and_origins() {
    let server = Server::start(&[]);
    let (host, cookie) = (server.host(), server.cookie());
    let body = format!("{{\"token\":\"{}\"}}", server.token);
    for (origin, site, ours) in [
        (format!("http://{host}"), "same-origin", true),
        (format!("http://{host}"), "cross-site", false),
        ("http://evil.example".to_owned(), "cross-site", false),
        ("null".to_owned(), "cross-site", false),
        (format!("https://{host}"), "same-site", false),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            for path in ["/api/v1/about", "/api/v1/session"] {
                let headers =
                    format!("Origin: {origin}\r\nSec-Fetch-Site: {site}\r\nContent-Type: application/json\r\n{cookie}");
                let length = body.len();
                let reply = server.send(&format!(
                    "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
                ));
                let expected = match (ours, method, path) {
                    (true, "GET" | "HEAD", "/api/v1/about") => 200,
                    (true, "POST", "/api/v1/session") => 204,
                    (true, ..) => 405,
                    (false, ..) => 403,
                };
                assert_eq!(reply.status, expected, "{method} {path} from {origin} ({site})");
                let allowed = reply.head.to_ascii_lowercase().contains("access-control");
                assert!(!allowed, "{}", reply.head);
            }
        }
    }
    let plain = format!("Origin: http://{host}\r\nContent-Type: text/plain\r\n");
    assert_eq!(server.post("/api/v1/session", &plain, &body).status, 403, "a form can send text/plain");
    let json = format!("Origin: http://{host}\r\nContent-Type: application/json\r\n");
    assert_eq!(server.post("/api/v1/session", &json, "{\"token\":\"0\"}").status, 401);
    assert_eq!(server.post("/api/v1/session", &json, "{").status, 400);
    assert_eq!(server.post("/api/v1/session", &json, &" ".repeat(10_000)).status, 413);
}

#[test]
fn every_answer_carries_the_protecting_headers() {
    let server = Server::start(&[]);
    let cookie = server.cookie();
    for (path, status) in
        [("/", 200), ("/nowhere", 404), ("/api/v1/about", 200), ("/api/v1/nothing", 404), ("/api/v1/owners", 400)]
    {
        let reply = server.get(path, &cookie);
        assert_eq!(reply.status, status, "{path}");
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("require-trusted-types-for 'script'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_page() {
    let server = Server::start(&[]);
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/app/../../etc/passwd",
        "//etc/passwd",
        "/app/%00",
        "/app\\main.js",
        "/app//main.js",
        "/app/main.js/",
        "/APP/main.js",
        "/app/main.js%00.css",
        "/.git/config",
        "/app/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/./app/main.js",
        "/app/.%2e/app/main.js",
        "/index.html",
    ] {
        let status = server.get(path, "").status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
    assert_eq!(server.get("/app/main.js?x=1", "").status, 200);
}

/// The files of the page are those of the command line, byte for byte; the command that it names makes them.
#[test]
fn exports_are_those_of_the_command_line() {
    let server = Server::start(&["--as-of", "2021-05-31"]);
    let cookie = server.cookie();
    for format in ["svg", "png", "pdf", "dot", "mmd", "html", "csv", "json", "bods", "graphml"] {
        let reply = server.ask(&format!("export?{NSO}&up=2&only_control=1&hide=convexum-ltd&to={format}"), &cookie);
        assert_eq!(reply.status, 200, "{format}: {}", String::from_utf8_lossy(&reply.body));
        assert!(reply.header("content-disposition").is_some_and(|name| name.starts_with("attachment")), "{format}");
        let command =
            "diagram nso-group-technologies-ltd --as-of 2021-05-31 --up 2 --only-control --hide convexum-ltd --to";
        let written = cuibono(&format!("{command} {format}")).answers();
        assert!(written.bytes == reply.body, "{format} differs from the command line's");
    }
    let chart = server
        .ask(&format!("chart?{NSO}&expand_owners=noal-scsp&listed=yana-peel&compare_to=2019-01-01"), &cookie)
        .json();
    let command =
        chart["command"].as_str().expect("a command").strip_prefix("cuibono ").expect("the program's name").to_owned();
    let folder = run::Folder::new();
    let shell = Command::new("sh")
        .arg("-c")
        .arg(format!("\"$0\" {command}"))
        .arg(env!("CARGO_BIN_EXE_cuibono"))
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert!(shell.status.success(), "{command}: {}", String::from_utf8_lossy(&shell.stderr));
    let drawn = std::fs::read_to_string(folder.path().join("chart.svg")).expect("the chart");
    let same = server
        .ask(&format!("export?{NSO}&expand_owners=noal-scsp&listed=yana-peel&compare_to=2019-01-01&to=svg"), &cookie);
    assert!(drawn.as_bytes() == same.body, "{command} draws another chart");
}

/// The numbers of the page are those of the commands.
#[test]
fn answers_are_those_of_the_commands() {
    let server = Server::start(&["--as-of", "2021-05-31"]);
    let cookie = server.cookie();
    let id = "nso-group-technologies-ltd";
    for (question, command) in [
        (format!("owners?id={id}"), format!("owners-of {id}")),
        (format!("owners?id={id}&layer=votes"), format!("owners-of {id} --layer votes")),
        ("holdings?id=noal-scsp".to_owned(), "holdings-of noal-scsp".to_owned()),
        (format!("controllers?id={id}"), format!("controllers-of {id}")),
        (format!("timeline?id={id}"), format!("timeline {id}")),
        (format!("paths?from=noal-scsp&to={id}"), format!("paths noal-scsp {id}")),
        (format!("verdict?id={id}&rule=fincen"), format!("beneficial-owners-of {id} --rule fincen")),
        ("circular?as_of=2021-05-31".to_owned(), "circular".to_owned()),
    ] {
        let reply = server.ask(&question, &cookie);
        assert_eq!(reply.status, 200, "{question}: {}", String::from_utf8_lossy(&reply.body));
        let printed = cuibono(&format!("{command} --as-of 2021-05-31")).json();
        assert_eq!(reply.json(), printed, "{question}");
    }
    let pair = server.ask("evidence?owner=noal-scsp&owned=triangle-holdings-sa", &cookie).json();
    let explained = cuibono("explain noal-scsp triangle-holdings-sa --as-of 2021-05-31").json();
    assert_eq!(pair["computed"], explained);
    assert_eq!(pair["statements"][0]["id"], "R09");
    assert!(pair["statements"][0]["sources"][0]["title"].is_string(), "{}", pair["statements"][0]);
    let days = server.ask(&format!("days?id={id}"), &cookie).json();
    assert_eq!(days["first"], "2010-01-01");
    let other = Server::start(&["--as-of", "2021-05-31", "--open-world"]);
    let printed = cuibono(&format!("owners-of {id} --as-of 2021-05-31 --open-world"));
    assert_eq!(other.ask(&format!("owners?id={id}"), &other.cookie()).json(), printed.json(), "options of the server");
    let refused = "cuibono: --layer and --min-confidence are chosen on the page: leave them out";
    cuibono("serve --no-open --layer votes").fails(2, refused);
    let card = server.ask(&format!("entity?id={id}"), &cookie).json();
    assert_eq!(card["entity"], cuibono(&format!("show {id} --as-of 2021-05-31")).json());
}

#[test]
fn the_table_of_a_chart_has_its_lines_and_the_totals_of_the_data() {
    let folder = run::Folder::new();
    let rows: String = (0..40).map(|at| format!("P{at},Acme,{}\n", if at < 2 { 20 } else { 1 })).collect();
    let data = folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let server = Server::start(&["--data", data.to_str().expect("a path")]);
    let cookie = server.cookie();
    let (chart, table) =
        (server.ask("chart?subject=Acme", &cookie).json(), server.ask("table?subject=Acme", &cookie).json());
    let lines = |answer: &Value, key: &str| answer[key].as_array().expect("rows").len();
    assert_eq!(lines(&chart, "lines"), lines(&table, "rows"));
    let stack = table["rows"].as_array().expect("rows").iter().find(|row| row["owner"]["name"] == "28 more owners");
    assert_eq!(stack.expect("a stack")["label"], "28 % in total");
    assert_eq!(table["totals"][0]["stated"], serde_json::json!({"min": 78.0, "max": 78.0}));
    assert_eq!(table["totals"][0]["not_disclosed"], serde_json::json!({"min": 0.0, "max": 22.0}));
    let acme = &chart["boxes"][0];
    assert_eq!((&acme["owners"], &acme["more_owners"]), (&Value::from(40), &Value::from(28)));
    let more = server.ask("chart?subject=Acme&expand_owners=Acme", &cookie).json();
    assert_eq!(lines(&more, "boxes"), lines(&chart, "boxes") + 12);
}

#[test]
fn slips_are_told_and_nothing_is_guessed() {
    let server = Server::start(&[]);
    let cookie = server.cookie();
    for (question, status) in [
        ("chart?subject=nobody", 404),
        ("chart?subjekt=x", 400),
        ("chart?as_of=2021-13-40", 400),
        ("chart?min_share=150", 400),
        ("chart?layer=money", 400),
        ("chart?compare_to=all", 400),
        ("chart?compare_to=2019-01-01&history=1", 400),
        ("chart?side_by_side=1", 400),
        ("chart?path_to=noal-scsp", 400),
        ("chart?only_control=yes", 400),
        ("chart?cluster=colour", 400),
        ("chart?max_boxes=5000", 400),
        ("chart?keep=noal-scsp", 400),
        ("export?subject=nso-group-technologies-ltd&to=exe", 400),
        ("export?subject=nso-group-technologies-ltd", 400),
        ("verdict?id=nso-group-technologies-ltd&rule=none", 400),
        ("evidence?owner=noal-scsp", 400),
        ("nothing", 404),
    ] {
        let reply = server.ask(question, &cookie);
        assert_eq!(reply.status, status, "{question}");
        assert!(reply.json()["error"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{question}");
    }
}

#[test]
fn the_description_names_every_question() {
    let server = Server::start(&[]);
    let description = server.ask("openapi.json", &server.cookie()).json();
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().expect("paths");
    assert!(paths.len() >= 16 && paths.contains_key("/api/v1/chart"), "{paths:?}");
    let subject = paths["/api/v1/chart"]["get"]["parameters"][0]["name"].as_str();
    assert_eq!(subject, Some("subject"));
}

#[test]
fn large_heads_silent_connections_and_crowds_do_not_stop_it() {
    let server = Server::start(&[]);
    let cookie = server.cookie();
    let large = server.get("/", &format!("X-Large: {}\r\n", "a".repeat(64 * 1024)));
    assert!(matches!(large.status, 0 | 400 | 413 | 431), "{}", large.status);
    let silent: Vec<TcpStream> =
        (0..40).map(|_| TcpStream::connect(("127.0.0.1", server.port)).expect("a connection")).collect();
    let start = Instant::now();
    assert_eq!(server.ask("about", &cookie).status, 200, "beside silent connections");
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    drop(silent);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(server.ask(&format!("chart?{NSO}"), &cookie).status, 200);
                }
            });
        }
    });
}

/// A client that sends a byte now and then, or that never ends what it announced, does not hold its place for long.
#[test]
fn who_dribbles_is_cut_off() {
    let server = Server::start(&[]);
    let dribble = |start: String, expected: &'static str| {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a connection");
        stream.write_all(start.as_bytes()).expect("a start");
        stream.set_read_timeout(Some(Duration::from_millis(300))).expect("a time limit");
        let begun = Instant::now();
        let mut heard = Vec::new();
        while begun.elapsed() < Duration::from_secs(25) {
            let mut buffer = [0; 1024];
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => heard.extend_from_slice(&buffer[..count]),
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                }
                Err(_) => break,
            }
            if stream.write_all(b"a").is_err() {
                break;
            }
        }
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(20), "still open after {took:?}");
        assert!(String::from_utf8_lossy(&heard).contains(expected), "{:?}", String::from_utf8_lossy(&heard));
    };
    let host = server.host();
    let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: ");
    let body = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nOrigin: http://{host}\r\n\
         Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
    );
    std::thread::scope(|threads| {
        threads.spawn(|| dribble(head, ""));
        threads.spawn(|| dribble(body, "408"));
        threads.spawn(|| {
            std::thread::sleep(Duration::from_secs(2));
            assert_eq!(server.ask("about", &server.cookie()).status, 200, "beside those who dribble");
        });
    });
}

/// Questions of a browser that has gone away are given up: they would take all threads for as long as they may last.
#[test]
fn questions_are_given_up_when_the_browser_leaves() {
    let folder = Folder::new();
    let circle = 6000;
    let rows: String = (0..circle)
        .flat_map(|party| [1, 7, 977, 1999].map(|step| format!("c{party},c{},20\n", (party * step + step) % circle)))
        .collect();
    let data = folder.write("circle.csv", format!("owner,owned,share\n{rows}"));
    let server = Server::start(&["--data", data.to_str().expect("a path")]);
    let cookie = server.cookie();
    let begun = Instant::now();
    let long = server.ask("owners?id=c5", &cookie);
    let alone = begun.elapsed();
    assert!(alone > Duration::from_secs(2), "not a long question: {alone:?}, {}", long.status);
    for party in 0..4 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a connection");
        let head = format!("GET /api/v1/owners?id=c{party} HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", server.host());
        stream.write_all(head.as_bytes()).expect("a question");
        std::thread::sleep(Duration::from_millis(100));
    }
    let begun = Instant::now();
    assert_eq!(server.ask("about", &cookie).status, 200);
    assert!(begun.elapsed() < alone / 2, "{:?}, and a long question takes {alone:?}", begun.elapsed());
}

#[test]
fn the_time_limit_is_that_of_a_question() {
    let server = Server::start(&["--timeout", "1500ms"]);
    let cookie = server.cookie();
    std::thread::sleep(Duration::from_millis(2000));
    assert_eq!(server.ask("about", &cookie).status, 200, "the server goes on");
    let folder = Folder::new();
    let rows: String =
        (0..6000).flat_map(|p| [1, 7, 977].map(|s| format!("c{p},c{},20\n", (p * s + s) % 6000))).collect();
    let data = folder.write("circle.csv", format!("owner,owned,share\n{rows}"));
    let server = Server::start(&["--timeout", "300ms", "--data", data.to_str().expect("a path")]);
    let begun = Instant::now();
    let answer = server.ask("owners?id=c5", &server.cookie());
    assert!(answer.status == 503 || answer.json()["partial"] == true, "{}", answer.head);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    cuibono("serve --no-open --limit 3").end().code(2);
}

#[test]
fn it_ends_by_itself_when_nobody_asks() {
    let begun = Instant::now();
    let mut server = Server::start(&["--idle-exit", "4s"]);
    let cookie = server.cookie();
    for _ in 0..5 {
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(server.ask("about", &cookie).status, 200, "each request begins the time anew");
    }
    assert!(server.child.wait().expect("an end").success());
    assert!(begun.elapsed() > Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[test]
fn another_address_is_warned_of_and_answers_no_other_name() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .args(["serve", "--no-open", "--listen", "0.0.0.0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let mut warning = String::new();
    BufReader::new(child.stderr.take().expect("its messages")).read_line(&mut warning).expect("a line");
    let port: u16 = line
        .trim_start_matches("http://0.0.0.0:")
        .split('/')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let server = Server { child, port, token: String::new() };
    assert!(warning.contains("the network can reach this page"), "{warning}");
    let status =
        |host: &str| server.send(&format!("GET / HTTP/1.1\r\nConnection: close\r\nHost: {host}:{port}\r\n\r\n")).status;
    assert_eq!([status("127.0.0.1"), status("192.0.2.1"), status("evil.example")], [200, 200, 403]);
    assert_eq!(
        server
            .send(&format!("GET /api/v1/about HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:{port}\r\n\r\n"))
            .status,
        401
    );
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_asked_to() {
    let mut server = Server::start(&[]);
    let asked = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().expect("kill");
    assert!(asked.success());
    let start = Instant::now();
    let status = loop {
        match server.child.try_wait().expect("a child") {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
        assert!(start.elapsed() < Duration::from_secs(10), "it goes on");
    };
    assert!(status.success(), "{status}");
}
