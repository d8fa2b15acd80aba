//! Whether the pages of a call are all there.
//!
//! Source: reference on live collection, section 3.3: what is announced is counted against what came, and no "pass"
//! rests on a list that is not complete.

use std::collections::BTreeSet;

use crate::calls::{ApiCall, Paging};
use crate::json::Entries;

/// What one answer says of paging.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// How many members came.
    pub got: usize,
    /// How many there are in all, as announced.
    pub total: Option<u64>,
    /// The number of the page.
    pub number: Option<u64>,
    /// The size of a page.
    pub size: Option<u64>,
    /// The token of the next page; empty at the end.
    pub next: Option<String>,
    /// Whether the answer says that there is more.
    pub more: Option<bool>,
    /// The answer has the request id that the provider puts into every answer: it was not merged or cut by a tool.
    pub raw: bool,
    /// The token that the request carried, where the evidence keeps requests.
    pub token: Option<String>,
    /// The number of the page in the file's name or in the order of one file.
    pub place: Option<u32>,
}

impl Page {
    /// Reads the paging fields of an answer: on top, or in the small object that holds them.
    pub fn of(entries: &Entries<'_>) -> Self {
        let mut page = Page::default();
        for (key, raw) in &entries.list {
            let word: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            if matches!(word.as_str(), "pageinfo" | "paging" | "pagination" | "data" | "page")
                && raw.first() == Some(b'{')
            {
                for (key, raw) in &raw.entries().list {
                    page.take(key, raw.plain().as_deref());
                }
            } else if raw.text.len() < 4096 {
                page.take(key, raw.plain().as_deref());
            }
        }
        page
    }

    fn take(&mut self, key: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        let word: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match word.as_str() {
            "totalcount" | "total" | "totalrecordcount" | "totalnum" | "totalsize" | "totalrecords" | "totalnumber" => {
                self.total = self.total.or(value.parse().ok());
            }
            "pagenumber" | "currentpage" | "pageno" | "pagenum" => self.number = self.number.or(value.parse().ok()),
            "pagesize" => self.size = self.size.or(value.parse().ok()),
            "nexttoken" | "nextmarker" | "nextcontinuationtoken" => self.next = Some(value.to_owned()),
            // OSS repeats the request's marker here; then `NextMarker` and `IsTruncated` decide.
            "marker" => self.next = self.next.take().or_else(|| Some(value.to_owned())),
            "istruncated" | "hasmore" => self.more = value.parse().ok(),
            "requestid" => self.raw = true,
            _ => {}
        }
    }

    /// Whether this answer says that another follows.
    fn goes_on(&self) -> bool {
        self.more.unwrap_or_else(|| self.next.as_deref().is_some_and(|token| !token.is_empty()))
    }

    /// Whether two answers are different pages of one list.
    pub fn differs(&self, other: &Page) -> bool {
        self.number != other.number || self.next != other.next || self.place != other.place || self.token != other.token
    }
}

/// Why the pages of one call are not the whole list; `None` when they are.
pub fn missing(call: Option<&ApiCall>, pages: &[Page]) -> Option<String> {
    let got = got(pages);
    if let Some(total) = pages.iter().filter_map(|page| page.total).max() {
        return (got < total).then(|| format!("{total} are announced and {got} are here: pages are missing"));
    }
    let tokens = pages.iter().any(|page| page.next.is_some() || page.more.is_some());
    if tokens {
        return missing_by_token(pages);
    }
    if pages.iter().any(|page| page.number.is_some()) {
        return missing_by_number(pages);
    }
    // The `aliyun` program's own pager merges all pages and keeps nothing but the list. An answer as the provider gives
    // it would announce the total.
    let silent = call.is_some_and(|call| matches!(call.paging, Paging::Page | Paging::Offset));
    (silent && pages.iter().any(|page| page.raw)).then(|| "the answer does not say how many there are".to_owned())
}

/// How many members came, the same page counted once.
fn got(pages: &[Page]) -> u64 {
    let mut seen = BTreeSet::new();
    let mut got = 0_u64;
    for page in pages {
        if page.number.is_none_or(|number| seen.insert(number)) {
            got = got.saturating_add(u64::try_from(page.got).unwrap_or(u64::MAX));
        }
    }
    got
}

fn missing_by_token(pages: &[Page]) -> Option<String> {
    let last = pages.iter().filter(|page| !page.goes_on()).count();
    if last == 0 {
        return Some("the answer names a next page that is not here".to_owned());
    }
    if pages.len() == 1 || pages.iter().all(|page| !page.goes_on()) {
        return None;
    }
    // Requests are kept: every token that an answer hands out must have been asked.
    if pages.iter().any(|page| page.token.is_some()) {
        let asked: BTreeSet<&str> = pages.iter().filter_map(|page| page.token.as_deref()).collect();
        let all = pages
            .iter()
            .filter(|page| page.goes_on())
            .all(|page| page.next.as_deref().is_some_and(|token| asked.contains(token)));
        return (!all).then(|| "the answer names a next page that is not here".to_owned());
    }
    let places: BTreeSet<u32> = pages.iter().filter_map(|page| page.place).collect();
    let whole = places.len() == pages.len()
        && places.first() == Some(&1)
        && places.last().and_then(|last| usize::try_from(*last).ok()) == Some(pages.len());
    (!whole).then(|| "the pages are not numbered without a gap (`-p1`, `-p2` …)".to_owned())
}

fn missing_by_number(pages: &[Page]) -> Option<String> {
    let numbers: BTreeSet<u64> = pages.iter().filter_map(|page| page.number).collect();
    let gapless = numbers.iter().zip(1_u64..).all(|(have, want)| *have == want);
    let end = pages
        .iter()
        .max_by_key(|page| page.number)
        .is_some_and(|last| last.size.is_some_and(|size| u64::try_from(last.got).unwrap_or(u64::MAX) < size));
    (!gapless || !end).then(|| "the last page is full and no total is announced".to_owned())
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use crate::json::Raw;

    fn page(text: &str, got: usize) -> Page {
        Page { got, ..Page::of(&Raw::whole(text).entries()) }
    }

    fn call(product: &str, action: &str) -> Option<&'static ApiCall> {
        crate::calls::find(product, action)
    }

    #[test]
    fn a_total_decides_whatever_else_the_answers_say() {
        let rds = call("rds", "DescribeDBInstances");
        let first = page(r#"{"TotalRecordCount": 35, "PageNumber": 1, "PageSize": 30}"#, 30);
        let second = page(r#"{"TotalRecordCount": 35, "PageNumber": 2, "PageSize": 30}"#, 5);
        assert!(missing(rds, std::slice::from_ref(&first)).unwrap().contains("35 are announced and 30"));
        assert!(missing(rds, &[first.clone(), first.clone()]).is_some());
        assert_eq!(missing(rds, &[second, first]), None);
        assert_eq!(missing(call("sas", "ListCheckResult"), &[page(r#"{"PageInfo":{"TotalCount":2}}"#, 2)]), None);
    }

    #[test]
    fn a_token_must_lead_to_a_page_that_is_here() {
        let alb = call("alb", "ListLoadBalancers");
        let first = page(r#"{"NextToken": "a", "RequestId": "r"}"#, 100);
        let last = page(r#"{"NextToken": "", "RequestId": "r"}"#, 5);
        assert!(missing(alb, std::slice::from_ref(&first)).is_some());
        assert_eq!(missing(alb, std::slice::from_ref(&last)), None);
        assert!(missing(alb, &[first.clone(), last.clone()]).is_some(), "a page between may be missing");
        let placed = |page: &Page, place| Page { place: Some(place), ..page.clone() };
        assert_eq!(missing(alb, &[placed(&first, 1), placed(&last, 2)]), None);
        assert!(missing(alb, &[placed(&first, 1), placed(&last, 3)]).is_some());
        let asked = |page: &Page, token: &str| Page { token: Some(token.into()), ..page.clone() };
        assert_eq!(missing(alb, &[first.clone(), asked(&last, "a")]), None);
        assert!(missing(alb, &[first, asked(&last, "b")]).is_some());
    }

    #[test]
    fn a_marker_counts_only_while_the_answer_is_truncated() {
        let ram = call("ram", "ListUsers");
        assert!(missing(ram, &[page(r#"{"IsTruncated": true, "Marker": "m"}"#, 100)]).is_some());
        assert_eq!(missing(ram, &[page(r#"{"IsTruncated": false, "Marker": "m"}"#, 3)]), None);
        assert_eq!(missing(ram, &[page(r#"{"IsTruncated": "false"}"#, 3)]), None);
    }

    #[test]
    fn an_answer_of_the_provider_without_its_total_is_not_taken_for_the_whole() {
        let slb = call("slb", "DescribeLoadBalancers");
        assert!(missing(slb, &[page(r#"{"RequestId": "r"}"#, 3)]).is_some());
        assert_eq!(missing(slb, &[page("{}", 3)]), None, "merged by the command-line pager");
        assert_eq!(missing(call("ecs", "DescribeRegions"), &[page(r#"{"RequestId": "r"}"#, 3)]), None);
    }

    #[test]
    fn without_a_total_the_last_page_must_not_be_full() {
        let nat = call("cloudfw", "DescribeNatFirewallList");
        assert!(missing(nat, &[page(r#"{"PageNo": 1, "PageSize": 10}"#, 10)]).is_some());
        assert_eq!(missing(nat, &[page(r#"{"PageNo": 1, "PageSize": 10}"#, 9)]), None);
        assert!(missing(nat, &[page(r#"{"PageNo": 2, "PageSize": 10}"#, 9)]).is_some());
    }
}
