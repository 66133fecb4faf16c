//! Who is answered: this computer's own page, opened by who started the program.
//!
//! A page of any other site can make a browser call this address, directly or under a name that it makes lead here (DNS
//! rebinding). So the `Host` has to be a name of the loopback address, a call must not come from another site
//! (`Sec-Fetch-Site`, `Origin`), and data are given only to who has the cookie that the token is exchanged for.

use crate::error::{Error, Result};
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Request, StatusCode, Uri};
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Scripts and styles of this server alone, no plug-in, no frame, no form, and no text that becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// How long the token for the browser waits to be used.
const ONCE: Duration = Duration::from_secs(120);

/// The secrets of a run.
pub(super) struct Guard {
    /// Where it listens.
    address: SocketAddr,
    token: String,
    /// A token that is good once and not for long: a browser is started with it, and what a program is started with can be
    /// seen by everybody on the computer.
    once: Mutex<Option<(String, Instant)>>,
    session: String,
}

impl Guard {
    pub(super) fn new(address: SocketAddr) -> Result<Self> {
        let once = Mutex::new(Some((secret()?, Instant::now())));
        Ok(Self { address, token: secret()?, once, session: secret()? })
    }

    /// What the address that is printed carries in its fragment.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// What the address that a browser is started with carries, while it is good.
    pub(super) fn token_for_once(&self) -> Option<String> {
        self.once().as_ref().map(|(token, _)| token.clone())
    }

    fn once(&self) -> MutexGuard<'_, Option<(String, Instant)>> {
        self.once.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cookie that a token is exchanged for, where it is the right one.
    pub(super) fn cookie_for(&self, token: &str) -> Option<String> {
        let cookie = || format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name(), self.session);
        let is_first = || self.once().take_if(|(once, since)| same(token, once) && since.elapsed() < ONCE).is_some();
        (same(token, &self.token) || is_first()).then(cookie)
    }

    /// Cookies do not know ports: each run has a name of its own.
    fn cookie_name(&self) -> String {
        format!("cuibono-{}", self.address.port())
    }

    /// Whether a request is answered at all, and if not, why.
    pub(super) fn admit(&self, request: &Request<Body>) -> std::result::Result<(), StatusCode> {
        if !self.is_our_host(request.headers(), request.uri()) || !is_of_our_site(request.headers(), request.method()) {
            return Err(StatusCode::FORBIDDEN);
        }
        match *request.method() {
            Method::GET | Method::HEAD => Ok(()),
            Method::POST if self.is_our_origin(request.headers()) && is_json(request.headers()) => Ok(()),
            Method::POST => Err(StatusCode::FORBIDDEN),
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    /// Whether a request carries the cookie of this run.
    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookie| cookie.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(key, value)| key == name && same(value, &self.session))
    }

    fn is_our_host(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let ours = |host: &str| self.is_ours(host);
        host.to_str().is_ok_and(ours) && uri.authority().is_none_or(|authority| ours(authority.as_str()))
    }

    /// Whether a host is this computer by a name that nobody else can make lead here: one of the loopback address, or, where
    /// the user has it listen on another address, an address in numbers.
    fn is_ours(&self, host: &str) -> bool {
        let names = ["127.0.0.1", "localhost", "[::1]"];
        let port = self.address.port();
        names.iter().any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
            || !self.address.ip().is_loopback()
                && host.parse::<SocketAddr>().is_ok_and(|host| host.port() == port && self.is_listening_at(host.ip()))
    }

    fn is_listening_at(&self, ip: IpAddr) -> bool {
        self.address.ip().is_unspecified() || self.address.ip() == ip
    }

    fn is_our_origin(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.and_then(|origin| origin.strip_prefix("http://")).is_some_and(|host| self.is_ours(host))
    }
}

/// A link from another site may open the page; nothing else of another site is answered.
fn is_of_our_site(headers: &HeaderMap, method: &Method) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match value("sec-fetch-site") {
        None | Some("same-origin" | "none") => true,
        Some(_) => {
            *method == Method::GET
                && value("sec-fetch-mode") == Some("navigate")
                && value("sec-fetch-dest") == Some("document")
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The headers that every answer carries.
pub(super) fn protect(response: &mut Response) {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}

/// 128 random bits.
fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::usage(format!("no randomness for a token: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(SocketAddr::from(([127, 0, 0, 1], 4000))).expect("randomness")
    }

    fn request(method: Method, headers: &[(&str, &str)]) -> Request<Body> {
        let mut request = Request::builder().method(method).uri("/api/v1/about");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).expect("a request")
    }

    #[test]
    fn only_names_of_the_loopback_address_with_our_port_are_hosts() {
        let guard = guard();
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000", "[::1]:4000"] {
            assert_eq!(guard.admit(&request(Method::GET, &[("host", host)])), Ok(()), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost.:4000",
            "evil.example:4000",
            "127.0.0.1.evil.example:4000",
            "user@127.0.0.1:4000",
            "0.0.0.0:4000",
            "127.1:4000",
            "[::ffff:127.0.0.1]:4000",
            "2130706433:4000",
            "",
            " 127.0.0.1:4000x",
        ] {
            assert_eq!(guard.admit(&request(Method::GET, &[("host", host)])), Err(StatusCode::FORBIDDEN), "{host}");
        }
        assert!(guard.admit(&request(Method::GET, &[])).is_err(), "no host");
        let twice = [("host", "127.0.0.1:4000"), ("host", "127.0.0.1:4000")];
        assert!(guard.admit(&request(Method::GET, &twice)).is_err(), "two hosts");
        let mut absolute = request(Method::GET, &[("host", "127.0.0.1:4000")]);
        *absolute.uri_mut() = Uri::from_static("http://evil.example:4000/");
        assert!(guard.admit(&absolute).is_err(), "another host in the address");
    }

    #[test]
    fn on_another_address_only_numbers_are_hosts_beside_the_loopback_names() {
        let at = |address: &str| Guard::new(address.parse().expect("an address")).expect("randomness");
        let admits = |guard: &Guard, host: &str| guard.admit(&request(Method::GET, &[("host", host)])).is_ok();
        let (one, all) = (at("192.0.2.7:4000"), at("0.0.0.0:4000"));
        assert!(admits(&one, "192.0.2.7:4000") && admits(&one, "localhost:4000") && !admits(&one, "192.0.2.8:4000"));
        assert!(admits(&all, "192.0.2.7:4000") && admits(&all, "192.0.2.8:4000") && admits(&all, "[2001:db8::1]:4000"));
        for host in ["evil.example:4000", "192.0.2.7:80", "192.0.2.7", "192.0.2.7.evil.example:4000", "192.0.519:4000"]
        {
            assert!(!admits(&one, host) && !admits(&all, host), "{host}");
        }
        assert!(!admits(&guard(), "192.0.2.7:4000"), "where it listens on the loopback address");
    }

    #[test]
    fn the_browsers_token_is_good_once() {
        let guard = guard();
        let once = guard.token_for_once().expect("a token");
        assert!(guard.cookie_for("0").is_none() && guard.token_for_once().is_some(), "a wrong one spends nothing");
        assert!(guard.cookie_for(&once).is_some() && guard.cookie_for(&once).is_none());
        assert!(guard.cookie_for(guard.token()).is_some() && guard.cookie_for(guard.token()).is_some());
        let late = Instant::now().checked_sub(ONCE).expect("a time");
        *guard.once() = Some(("late".to_owned(), late));
        assert!(guard.cookie_for("late").is_none());
    }

    #[test]
    fn other_sites_are_not_answered_but_may_link_here() {
        let guard = guard();
        let host = ("host", "127.0.0.1:4000");
        for site in ["cross-site", "same-site"] {
            let fetched = [host, ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")];
            assert!(guard.admit(&request(Method::GET, &fetched)).is_err(), "{site}");
            let link = [host, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
            assert!(guard.admit(&request(Method::GET, &link)).is_ok(), "{site}");
            let frame = [host, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
            assert!(guard.admit(&request(Method::GET, &frame)).is_err(), "{site}");
        }
    }

    #[test]
    fn writing_takes_our_origin_and_json() {
        let guard = guard();
        let (host, json) = (("host", "127.0.0.1:4000"), ("content-type", "application/json"));
        let ours = ("origin", "http://127.0.0.1:4000");
        assert_eq!(guard.admit(&request(Method::POST, &[host, json, ours])), Ok(()));
        for headers in [
            vec![host, json],
            vec![host, json, ("origin", "null")],
            vec![host, json, ("origin", "http://evil.example")],
            vec![host, json, ("origin", "https://127.0.0.1:4000")],
            vec![host, ("content-type", "text/plain"), ours],
            vec![host, ours],
            vec![host, json, ours, ("sec-fetch-site", "cross-site")],
        ] {
            assert!(guard.admit(&request(Method::POST, &headers)).is_err(), "{headers:?}");
        }
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE, Method::CONNECT, Method::PATCH] {
            assert!(guard.admit(&request(method.clone(), &[host, json, ours])).is_err(), "{method}");
        }
    }

    #[test]
    fn only_the_token_opens_and_only_its_cookie_is_known() {
        let guard = guard();
        assert!(guard.cookie_for("").is_none() && guard.cookie_for(&"0".repeat(32)).is_none());
        let cookie = guard.cookie_for(&guard.token).expect("a cookie");
        assert!(cookie.ends_with("HttpOnly; SameSite=Strict"));
        let pair = cookie.split(';').next().expect("a pair").to_owned();
        let known = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().expect("a header"));
            guard.knows(&headers)
        };
        assert!(known(&pair) && known(&format!("a=b; {pair}")));
        assert!(!known("a=b") && !known(&format!("cuibono-4000={}", guard.token)) && !guard.knows(&HeaderMap::new()));
    }
}
