//! ActionTrail answers.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::ram::Role;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::json::Raw;
use crate::sink::Sink;

/// The calls of ActionTrail.
pub const CALLS: &[Call] = &[
    Call::listing("actiontrail", "DescribeTrails", "TrailList", Trail::SCHEMA, trail),
    Call::answer("actiontrail", "GetTrailStatus", status),
    Call::answer("actiontrail", "ListDataEventSelectors", data_events),
    Call::answer("actiontrail", "GetInsightSelectors", insights),
    Call::answer("actiontrail", "GetGlobalEventsStorageRegion", global_events),
];

fn trail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let account = sink.around.account.clone();
    sink.put(f, f.text("Name"), |trail: &mut Trail| {
        trail.head.name = f.text("Name");
        if f.has("HomeRegion") {
            trail.head.region = f.text("HomeRegion");
        }
        // `Fresh`: made, and never switched on.
        trail.enabled = f.flag("Status", &["Enable"], &["Disable", "Fresh"]);
        trail.all_regions = all_regions(f.text("TrailRegion"));
        trail.regions = f.text("TrailRegion");
        trail.events = events(f.text("EventRW"));
        trail.organization = f.bool("IsOrganizationTrail");
        trail.bucket = f.link("OssBucketName");
        trail.bucket_prefix = f.opt_text("OssKeyPrefix");
        trail.project = project(f.opt_text("SlsProjectArn"));
        trail.bucket_role = role(f.opt_text("OssWriteRoleArn"), &account);
        trail.project_role = role(f.opt_text("SlsWriteRoleArn"), &account);
    });
}

/// Source: ActionTrail, CreateTrail `TrailRegion`: `All`, or one region.
pub(crate) fn all_regions(regions: Fact<Text>) -> Fact<bool> {
    regions.map(|regions| regions.eq_ignore_ascii_case("all"))
}

/// `All`, `Read` or `Write` in lower case.
pub(crate) fn events(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.to_ascii_lowercase().as_str() {
        known @ ("all" | "read" | "write") => Ok(Text::from(known)),
        _ => Err(Reason::not_understood(format!("the event type `{word}`"))),
    })
}

/// The project that an ARN names: `acs:log:<region>:<account>:project/<name>`.
pub(crate) fn project(arn: Fact<Text>) -> Fact<Link<Project>> {
    arn.try_map(|arn| match arn.rsplit_once("project/") {
        Some((_, name)) if !name.is_empty() => Ok(Link::id(name)),
        _ => Err(Reason::not_understood(format!("the project ARN `{arn}`"))),
    })
}

/// The role that an ARN names: `acs:ram::<account>:role/<name>`; one of another account is not in this evidence.
fn role(arn: Fact<Text>, account: &Fact<Text>) -> Fact<Link<Role>> {
    arn.try_map(|arn| match arn.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(":role/")) {
        Some((of, _)) if account.value().is_some_and(|account| account != of) => Err(Reason::NotCollected),
        Some((_, name)) if !name.is_empty() => Ok(Link::id(name)),
        _ => Err(Reason::not_understood(format!("the role ARN `{arn}`"))),
    })
}

/// A role as a configuration names it: by reference, by name or by ARN.
pub(crate) fn named_role(link: Fact<Link<Role>>) -> Fact<Link<Role>> {
    link.map(|link| match link.target.split_once(":role/") {
        Some((_, name)) => Link::id(name),
        None => link,
    })
}

fn status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let trail: Fact<Link<Trail>> = sink.param("Name").map(Link::id);
    let logging = f.bool("IsLogging");
    if let (State::Known(link), State::Known(_)) = (&trail.state, &logging.state) {
        let (name, logging) = (link.target.clone(), logging.clone());
        sink.batch.later(move |batch| {
            batch.for_each(|trail: &mut Trail| {
                if trail.head.id.value() == Some(&name) {
                    trail.enabled = both(&trail.enabled, &logging);
                }
            });
        });
    }
    sink.on(&trail, |trail: &mut Trail| {
        if logging.reason().is_some() {
            trail.enabled = logging;
        }
        trail.delivery_error = f.opt_text("LatestDeliveryError");
        trail.last_delivery = f.opt_text("LatestDeliveryTime");
        trail.idle_days = idle(f, "LatestDeliveryTime");
        trail.project_idle_days = idle(f, "LatestDeliveryLogServiceTime");
        trail.project_delivery_error = f.opt_text("LatestDeliveryLogServiceError");
        trail.bucket_exists = stated(f, "OssBucketStatus");
        trail.project_exists = stated(f, "SlsLogStoreStatus");
    });
}

/// A trail delivers when it is enabled and its logging is: the list tells the one (`Status`), the state the other
/// (`IsLogging`), and either may be looked at before somebody calls StopLogging. Source: network semantics §12.1(1).
fn both(status: &Fact<bool>, logging: &Fact<bool>) -> Fact<bool> {
    match status.value() {
        Some(false) => status.clone(),
        Some(true) | None => logging.clone(),
    }
}

/// How long before the look something last happened, in days.
fn idle(f: &Fields<'_>, path: &str) -> Fact<i64> {
    if !f.has(path) {
        return f.unknown(Reason::NotInEvidence);
    }
    let origin = f.origin();
    let looked = origin.source.call.as_ref().and_then(|call| call.time.as_ref()?.parse::<jiff::Timestamp>().ok());
    f.opt_text(path).try_map(|text| {
        // Older answers count milliseconds. Source: ActionTrail GetTrailStatus, example of `LatestDeliveryTime`.
        let counted = text.parse().ok().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        let last = counted.or_else(|| text.parse::<jiff::Timestamp>().ok());
        let last = last.ok_or_else(|| Reason::not_understood(format!("`{text}` as a time")))?;
        let seconds = looked.ok_or(Reason::NotInEvidence)?.as_second().saturating_sub(last.as_second());
        Ok(seconds.max(0).checked_div(86_400).unwrap_or_default())
    })
}

fn stated(f: &Fields<'_>, path: &str) -> Fact<bool> {
    if f.has(path) { f.bool(path) } else { f.absent() }
}

/// The data event selectors of every trail of the region; a trail that a whole answer does not name has none.
fn data_events(f: &Fields<'_>, sink: &mut Sink<'_>) {
    for info in f.each("Data.DataEventSelectorInfos") {
        let events = selected(info.text("EventSelectors"));
        sink.on(&info.text("TrailName").map(Link::id), |trail: &mut Trail| trail.data_events = events);
    }
    let whole = f.opt_text("Data.NextToken").value().is_none_or(|token| token.is_empty());
    let region = sink.around.region.value().cloned();
    let none: Fact<List<Text>> = f.known(List::complete(vec![]));
    sink.batch.later(move |batch| {
        batch.for_each::<Trail>(|trail| {
            let here = region.is_none() || trail.head.region.value() == region.as_ref();
            if whole && here && trail.data_events.reason().is_some_and(Reason::is_silence) {
                trail.data_events = none.clone();
            }
        });
    });
}

/// The services and classes in a selector, which is JSON as text:
/// `[{"ServiceName":"Oss","ReadWriteType":"All","EventName":{…}}]`. Those for named events only say so.
fn selected(text: Fact<Text>) -> Fact<List<Text>> {
    let origin = text.origin.clone();
    text.try_map(|text| {
        let node = Raw::whole(&text).node().map_err(|error| error.reason())?;
        let mut all = List::complete(vec![]);
        for one in Fields::new(&node, &origin, "").each("") {
            let class = one.plain("ReadWriteType").unwrap_or("all").to_ascii_lowercase();
            let class = match (one.has("EventName"), class.as_str()) {
                (true, _) => "some",
                (false, known @ ("all" | "read" | "write")) => known,
                (false, other) => {
                    all.more = Some(Reason::not_understood(format!("the class of data events `{other}`")));
                    continue;
                }
            };
            match one.plain("ServiceName") {
                Some(service) => all.items.push(format!("{service} {class}").to_ascii_lowercase().into()),
                None => all.more = Some(Reason::not_understood("a data event selector without a service")),
            }
        }
        Ok(all)
    })
}

fn insights(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let trail = sink.param("TrailName").map(Link::id);
    sink.on(&trail, |trail: &mut Trail| trail.insights = f.opt_texts("InsightSelectors"));
}

/// Every region gives the same answer.
fn global_events(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| account.global_events_region = f.text("StorageRegion"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_trail_and_its_status_are_one_trail() {
        let inventory = answers(&[
            (
                "actiontrail:DescribeTrails",
                "",
                r#"{"TrailList":[{"Name":"t","HomeRegion":"cn-hangzhou","Status":"Fresh","TrailRegion":"All",
                "EventRW":"Write","IsOrganizationTrail":false,"OssBucketName":"logs",
                "SlsProjectArn":"acs:log:cn-hangzhou:1000:project/audit"}]}"#,
            ),
            ("actiontrail:GetTrailStatus", "Name=t", r#"{"IsLogging":false,"LatestDeliveryError":""}"#),
        ]);
        let trail: &Trail = only(&inventory);
        assert_eq!((trail.enabled.value(), trail.all_regions.value()), (Some(&false), Some(&true)));
        assert_eq!(trail.events.value().map(Text::as_str), Some("write"));
        assert_eq!(trail.bucket.value().map(|link| link.target.as_str()), Some("logs"));
        assert_eq!(trail.project.value().map(|link| link.target.as_str()), Some("audit"));
        assert!(trail.delivery_error.is_absent());
    }

    /// What the list and the state of a trail say together.
    fn delivers(status: &str, logging: Option<bool>) -> Option<bool> {
        let list = format!(r#"{{"TrailList":[{{"Name":"t","HomeRegion":"cn-hangzhou","Status":"{status}"}}]}}"#);
        let state = format!(r#"{{"IsLogging":{}}}"#, logging.unwrap_or_default());
        let mut calls = vec![("actiontrail:DescribeTrails", "", list.as_str())];
        calls.extend(logging.map(|_| ("actiontrail:GetTrailStatus", "Name=t", state.as_str())));
        only::<Trail>(&answers(&calls)).enabled.value().copied()
    }

    #[test]
    fn a_trail_that_is_enabled_and_whose_logging_stopped_does_not_deliver() {
        assert_eq!(delivers("Enable", Some(false)), Some(false));
        assert_eq!(delivers("Disable", Some(true)), Some(false));
        assert_eq!(delivers("Enable", Some(true)), Some(true));
        assert_eq!(delivers("Enable", None), Some(true));
    }

    #[test]
    fn a_trail_of_which_only_the_state_was_asked_delivers_as_it_says() {
        let inventory = answers(&[("actiontrail:GetTrailStatus", "Name=t", r#"{"IsLogging":false}"#)]);
        assert_eq!(only::<Trail>(&inventory).enabled.value(), Some(&false));
    }
}
