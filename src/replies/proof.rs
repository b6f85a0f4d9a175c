//! Whether a reply comes from whom its From names: our own relay must vouch for it.
//!
//! From is free to write, so a token and a From alone decide nothing. `docs/decisions/replies-by-mail.md` has the reasons.
//!
//! RFC 8601 §5 (whose word counts), RFC 7489 §3.1 (alignment), Postfix XFORWARD_README (SOURCE).

use super::authentication::{self, MethodResult};
use crate::{
    decision::Organisation,
    mail::{Mailbox, Xforward},
    message::Header,
};

/// How a reply proves that it comes from its From.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Our peer says by XFORWARD that its own client is one of its own (`SOURCE=LOCAL`).
    Networks,
    /// The uppermost `Authentication-Results` of this server says that it checked.
    AuthenticationResults {
        /// Its name, as it writes it.
        authserv_id: String,
    },
}

/// Somebody who may answer for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    /// Who answers.
    pub deputy: Mailbox,
    /// For whom.
    pub principal: Mailbox,
}

/// Which check the reply passed; for the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The relay took it from one of its own.
    Submission,
    /// DMARC of From's domain passed.
    Dmarc,
    /// A signature of From's domain is good.
    Dkim,
    /// Its writer logged in as From.
    Login,
}

impl Proof {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Submission => "submission",
            Proof::Dmarc => "dmarc",
            Proof::Dkim => "dkim",
            Proof::Login => "login",
        }
    }
}

/// The one author of a reply; of none or several nobody knows whom a check was about.
pub(super) fn author(header: &Header) -> Option<Mailbox> {
    let [only] = header.from.as_slice() else { return None };
    Mailbox::parse(&only.address).ok().filter(|author| author.domain().is_some())
}

/// Whether this author may answer for the hold's sender. Local parts are compared without regard to
/// case, as the mail servers of our time do.
pub(super) fn may_answer(author: &Mailbox, sender: &Mailbox, deputies: &[Deputy]) -> bool {
    let same = |a: &Mailbox, b: &Mailbox| a.as_str().eq_ignore_ascii_case(b.as_str());
    same(author, sender)
        || deputies.iter().any(|d| same(author, &d.deputy) && same(sender, &d.principal))
}

/// What vouches for the author; `fields` are the values of `Authentication-Results`, uppermost first.
pub(super) fn prove(
    trust: &Trust,
    author: &Mailbox,
    told: &Xforward,
    fields: &[String],
    inside: &Organisation,
) -> Option<Proof> {
    match trust {
        Trust::Networks => {
            let local = told.get("SOURCE").is_some_and(|s| s.eq_ignore_ascii_case("LOCAL"));
            local.then_some(Proof::Submission)
        }
        Trust::AuthenticationResults { authserv_id } => {
            // The relay removes what strangers wrote in its name, or writes its own above it. Below
            // the uppermost nothing of that name counts.
            let said = fields.iter().filter_map(|value| authentication::read(value));
            let mut own = said.filter(|s| s.authserv_id.eq_ignore_ascii_case(authserv_id));
            let results = own.next()?.results?;
            results.iter().find_map(|result| passes(result, author, inside))
        }
    }
}

fn passes(result: &MethodResult, author: &Mailbox, inside: &Organisation) -> Option<Proof> {
    let domain = author.domain()?;
    let is_from =
        |name: &str| result.property(name).is_some_and(|v| v.eq_ignore_ascii_case(domain));
    if result.passed("dmarc") && is_from("header.from") {
        return Some(Proof::Dmarc);
    }
    if result.passed("dkim") && signer(result).is_some_and(|d| aligned(d, domain, inside)) {
        return Some(Proof::Dkim);
    }
    let login = result.property("smtp.auth");
    let logged_in = login.is_some_and(|login| login.eq_ignore_ascii_case(author.as_str()));
    (result.passed("auth") && logged_in).then_some(Proof::Login)
}

/// The domain of a signature: `header.d`, else that of `header.i`.
fn signer(result: &MethodResult) -> Option<&str> {
    let identity = || result.property("header.i")?.rsplit_once('@').map(|(_, domain)| domain);
    result.property("header.d").or_else(identity)
}

/// Equal, or the author's domain lies below the signer's and both are ours. Without a list of public
/// suffixes the other half of DMARC's relaxed alignment cannot be told.
fn aligned(signer: &str, domain: &str, inside: &Organisation) -> bool {
    let (signer, domain) = (signer.to_ascii_lowercase(), domain.to_ascii_lowercase());
    let below = domain.strip_suffix(&signer).is_some_and(|rest| rest.ends_with('.'));
    let ours = || Mailbox::parse(&format!("x@{signer}")).is_ok_and(|m| inside.is_inside(&m));
    signer == domain || (below && ours())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Mailbox {
        Mailbox::parse(text).unwrap()
    }

    fn proof(fields: &[&str]) -> Option<Proof> {
        let trust = Trust::AuthenticationResults { authserv_id: "mx.us.example".into() };
        let fields: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
        let inside = Organisation { name: String::new(), domains: vec!["us.example".into()] };
        prove(&trust, &mailbox("Tom@mail.us.example"), &Xforward::default(), &fields, &inside)
    }

    #[test]
    fn our_relays_word_counts_where_it_is_about_the_author() {
        for (field, wanted) in [
            ("MX.us.example; dmarc=pass (p=none) header.from=mail.us.example", Some(Proof::Dmarc)),
            ("mx.us.example; spf=fail; dkim=pass header.d=mail.us.example", Some(Proof::Dkim)),
            (
                "mx.us.example; dkim=fail header.d=us.example; dkim=pass header.d=US.example",
                Some(Proof::Dkim),
            ),
            ("mx.us.example; dkim=pass header.i=@mail.us.example header.s=k", Some(Proof::Dkim)),
            ("mx.us.example; auth=pass smtp.auth=tom@mail.us.example", Some(Proof::Login)),
            ("mx.us.example; auth=pass smtp.auth=tom", None),
            ("mx.us.example; auth=pass smtp.auth=eve@mail.us.example", None),
            ("mx.us.example; dmarc=fail header.from=mail.us.example", None),
            ("mx.us.example; dmarc=pass", None),
            ("mx.us.example; dmarc=pass header.from=evil.example", None),
            ("mx.us.example; dkim=pass header.d=evil.example", None),
            ("mx.us.example; dkim=pass header.d=example", None),
            ("mx.us.example; dkim=pass header.d=l.us.example", None),
            ("mx.us.example; dkim=pass header.d=evil.example header.i=@mail.us.example", None),
            ("mx.us.example; spf=pass smtp.mailfrom=mail.us.example", None),
            ("mx.us.example; dkim=pass header.d=mail.us.example (", None),
            ("mx.us.example.evil.example; dmarc=pass header.from=mail.us.example", None),
        ] {
            assert_eq!(proof(&[field]), wanted, "{field}");
        }
    }

    #[test]
    fn only_the_uppermost_of_our_relay_counts() {
        let good = "mx.us.example; dmarc=pass header.from=mail.us.example";
        assert_eq!(proof(&[]), None);
        assert_eq!(proof(&["scanner.example; spam=no", good]), Some(Proof::Dmarc));
        assert_eq!(proof(&["mx.us.example; dmarc=fail header.from=mail.us.example", good]), None);
        assert_eq!(proof(&["mx.us.example; none", good]), None);
        assert_eq!(proof(&["mx.us.example; (broken", good]), None);
    }

    #[test]
    fn in_networks_the_peer_must_say_that_it_is_its_own_client() {
        let inside = Organisation { name: String::new(), domains: vec!["us.example".into()] };
        let told = |source: &[(&str, &str)]| {
            let attributes = source.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            let told = Xforward { attributes: attributes.collect() };
            prove(&Trust::Networks, &mailbox("tom@us.example"), &told, &[], &inside)
        };
        assert_eq!(told(&[("SOURCE", "LOCAL")]), Some(Proof::Submission));
        for source in [&[][..], &[("SOURCE", "REMOTE")], &[("SOURCE", "[UNAVAILABLE]")]] {
            assert_eq!(told(source), None);
        }
    }

    #[test]
    fn a_deputy_answers_for_whom_he_is_named_and_for_nobody_else() {
        let deputies =
            [Deputy { deputy: mailbox("ann@us.example"), principal: mailbox("tom@us.example") }];
        let may = |author, sender| may_answer(&mailbox(author), &mailbox(sender), &deputies);
        assert!(may("TOM@us.example", "tom@us.example") && may("ann@us.example", "tom@us.example"));
        assert!(
            !may("ann@us.example", "eve@us.example") && !may("tom@us.example", "ann@us.example")
        );
    }
}
