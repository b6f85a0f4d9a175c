//! Which addresses are of one company.

use crate::mail::Mailbox;

/// Whether two addresses are of one company: the same domain, and not a provider's.
pub(super) fn same_house(one: &str, other: &str) -> bool {
    let domain =
        |a: &str| Mailbox::parse(a).ok().and_then(|m| m.domain().map(str::to_ascii_lowercase));
    match (domain(one), domain(other)) {
        (Some(one), Some(other)) => {
            let first = one.split('.').next().unwrap_or_default();
            one == other && !PROVIDERS.split_whitespace().any(|provider| provider == first)
        }
        _ => false,
    }
}

/// Where private people have their mail: the first words of their domains.
const PROVIDERS: &str = "a1 alice aliceadsl aol aon arcor att bbox bell bellsouth blueyonder bluewin bol btinternet \
    btopenworld casema caiway charter chello clix club-internet comcast cox earthlink eircom email euskaltel \
    ewe ewetel fastmail fastwebnet free freenet gmail gmx globo googlemail hetnet hey hispeed home hotmail icloud ig \
    inbox inwind iol jazztel juno kabelmail kpnmail kpnplanet laposte libero live liwest mac mail mailbox me meo \
    movistar msn neuf netcabo netcologne netvisao ntlworld numericable online onet ono optonline orange oi outlook \
    planet plusnet pm posteo post posta proton protonmail proximus quicknet r7 rocketmail rogers sapo sbcglobal \
    sfr shaw skynet sky solcon sunrise superig sympatico t-online talk21 talktalk telefonica telenet telfort terra \
    tele2 tin tiscali tiscalinet tutanota tuta uol unitybox upcmail verizon versanet virgilio virgin virginmedia \
    vodafone vodafonemail voila wanadoo web windstream xs4all yahoo ymail zeelandnet ziggo zipmail zoho zonnet";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_no_house() {
        assert!(same_house("a@hall.example", "B@Hall.example"));
        assert!(!same_house("a@hall.example", "a@other.example"));
        assert!(!same_house("a@ziggo.nl", "b@ziggo.nl"));
        assert!(!same_house("", ""));
    }
}
