//! The result for programs, version 1. Field names are stable; a change that breaks a reader makes version 2.
//!
//! Names from evidence (ids, names, addresses, places, values) stand only in their own fields, never inside prose, and
//! are attacker-controlled: `scope.attacker_controlled` lists them. Text that looks like a credential is masked.

use serde::{Serialize, Serializer};
use xiezhi_read::secret::mask;
use xiezhi_review::{Assessment, Outcome, Review, Severity, Verdict};
use xiezhi_rule::{Check, CheckSet, Premise, Shown};

use crate::words::Lang;
use crate::{answers, problems, reasons, sentences};

/// The version of the envelope.
pub const VERSION: &str = "xiezhi-result/1";

/// The whole result.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Envelope<'r> {
    /// `xiezhi-result/1`.
    format: &'static str,
    /// The program and its version.
    tool: Tool,
    /// The language of the texts.
    language: &'static str,
    /// One line that says how it stands.
    verdict: String,
    /// How many defects of which gravity are proven.
    summary: Summary,
    /// What was looked at.
    scope: ScopeOut,
    /// One entry per check and resource; a check without any resource has one entry with the id `*`.
    verdicts: Verdicts<'r>,
    /// The twelve checklist items.
    items: Vec<ItemOut>,
    /// The nine assessment questions.
    questions: Vec<QuestionOut>,
    /// The eight sections, in order.
    sections: Vec<SectionOut>,
    /// What could not be read.
    problems: Vec<ProblemOut>,
    /// Waivers that matched nothing or have expired.
    stale_waivers: Vec<WaiverOut>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Summary {
    critical: usize,
    high: usize,
    other: usize,
    /// Checks that are undecided for some resource or for want of a complete listing.
    undecided_checks: usize,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ScopeOut {
    /// Whether this program read the account itself in this run.
    live: bool,
    /// The weakest label among the evidence.
    label: &'static str,
    accounts: Vec<String>,
    /// The regions, each with its legal context: `mainland`, `hongkong` or `international`.
    regions: Vec<RegionOut>,
    /// The region context as a sentence.
    context: String,
    /// How many resources of each kind.
    kinds: std::collections::BTreeMap<&'static str, usize>,
    /// Resource types that the evidence declares and that nothing here reads, with how many of each: no verdict speaks of
    /// them.
    not_read: std::collections::BTreeMap<String, u64>,
    evidence: Vec<&'static str>,
    /// Why listings are not complete: what was not looked at.
    gaps: Vec<GapOut>,
    /// The fields whose text comes from evidence as it is.
    attacker_controlled: &'static [&'static str],
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct RegionOut {
    id: String,
    context: &'static str,
    /// Whether the context is only presumed from the id.
    presumed: bool,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct GapOut {
    kind: &'static str,
    of: Option<String>,
    region: Option<String>,
    reason: ReasonOut,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ReasonOut {
    /// The reason's stable name: `not-collected`, `refused`, `unresolved` …
    code: &'static str,
    /// The call, expression, region or places; empty when there is nothing to add.
    detail: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct VerdictOut<'r> {
    /// The check's id.
    check: &'r str,
    /// Ids in the catalogue of known checks.
    catalogue: &'r [String],
    /// `fail`, `pass`, `unknown`, `not-applicable` or `waived`.
    verdict: &'static str,
    /// The evidence label: the weakest of what the verdict rests on.
    label: &'static str,
    severity: &'static str,
    resource: ResourceOut<'r>,
    /// The facts that the verdict rests on.
    because: Vec<PremiseOut>,
    /// Why nobody can tell; the first reason, only for `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonOut>,
    /// Every reason, when there are several.
    #[cfg_attr(feature = "schema", schemars(default))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ReasonOut>,
    /// Who accepted the defect and why; only for `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverOut>,
    /// Where the resource stands in the evidence.
    source: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ResourceOut<'r> {
    /// The kind: `oss.bucket`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The provider's id; empty when the source does not know it; `*` when there is no resource to speak of.
    id: std::borrow::Cow<'r, str>,
    name: std::borrow::Cow<'r, str>,
    /// The name in the source: `alicloud_oss_bucket.b`, a ROS logical id, the id of an API answer.
    address: std::borrow::Cow<'r, str>,
    region: std::borrow::Cow<'r, str>,
    account: std::borrow::Cow<'r, str>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct PremiseOut {
    /// The fact as the predicate reaches it: `bucket.acl`.
    fact: String,
    /// `known`, `absent` or `unknown`.
    state: &'static str,
    /// The value as predicates write it, or the reason.
    value: String,
    /// Where it stands.
    source: String,
    label: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct WaiverOut {
    check: String,
    resource: String,
    reason: String,
    owner: String,
    expires: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ItemOut {
    item: u8,
    title: String,
    /// `met`, `not-met` or `cannot-tell`.
    state: &'static str,
    label: &'static str,
    /// The checks that decide it.
    checks: Vec<String>,
    fail: usize,
    unknown: usize,
    pass: usize,
    not_applicable: usize,
    waived: usize,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct QuestionOut {
    question: u8,
    text: String,
    answer: String,
    label: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SectionOut {
    section: u8,
    id: &'static str,
    title: String,
    /// `fail`, `unknown`, `pass` or `not-applicable`: the worst among its checks.
    verdict: &'static str,
    label: &'static str,
    /// Findings of critical and high severity, `check@resource`.
    blockers: Vec<String>,
    /// Checks whose fix is due, in the order to take them.
    actions: Vec<String>,
    /// What nobody can tell, and what would settle it.
    open_questions: Vec<OpenOut>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct OpenOut {
    reason: ReasonOut,
    severity: &'static str,
    kinds: Vec<&'static str>,
    checks: Vec<String>,
    remedy: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ProblemOut {
    code: &'static str,
    file: String,
    line: u32,
    message: String,
}

/// The verdicts, written one by one: their traces are made when they are written and dropped after.
struct Verdicts<'r>(&'r Review);

impl Serialize for Verdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.assessment.verdicts.iter().filter_map(|verdict| {
            self.0.checks.checks().get(verdict.check).map(|check| verdict_out(self.0, check, verdict))
        }))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Verdicts<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Verdicts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <Vec<VerdictOut<'static>>>::json_schema(generator)
    }
}

/// Writes the result as one JSON document with a newline at its end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(review: &Review, lang: Lang, out: impl std::io::Write) -> std::io::Result<()> {
    let mut out = out;
    serde_json::to_writer(&mut out, &envelope(review, lang)).map_err(std::io::Error::from)?;
    out.write_all(b"\n")
}

/// The JSON Schema of the result.
#[cfg(feature = "schema")]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Envelope<'static>);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_else(|error| error.to_string());
    text.push('\n');
    text
}

fn envelope(review: &Review, lang: Lang) -> Envelope<'_> {
    let assessment = &review.assessment;
    let summary = review.summary();
    Envelope {
        format: VERSION,
        tool: Tool { name: "xiezhi", version: env!("CARGO_PKG_VERSION") },
        language: lang.pick("en", "zh"),
        verdict: sentences::headline(review, lang),
        summary: Summary {
            critical: summary.critical,
            high: summary.high,
            other: summary.other,
            undecided_checks: summary.undecided,
        },
        scope: scope(&review.checks, assessment, lang),
        verdicts: Verdicts(review),
        items: assessment.items.iter().map(|item| item_out(review, item, lang)).collect(),
        questions: assessment
            .answers
            .iter()
            .map(|answer| QuestionOut {
                question: answer.number,
                text: answers::question(answer, lang).to_owned(),
                answer: answers::sentences(answer, lang),
                label: answer.label.as_str(),
            })
            .collect(),
        sections: crate::sections::sections(review).iter().map(|section| section_out(review, section, lang)).collect(),
        problems: assessment
            .problems
            .iter()
            .map(|problem| ProblemOut {
                code: problems::code(problem.kind),
                file: mask(&problem.file).into_owned(),
                line: problem.line,
                message: problems::sentence(problem, lang),
            })
            .collect(),
        stale_waivers: assessment.stale_waivers.iter().map(waiver_out).collect(),
    }
}

fn scope(checks: &CheckSet, assessment: &Assessment, lang: Lang) -> ScopeOut {
    let scope = &assessment.scope;
    let legal = &scope.legal;
    let mut gaps: Vec<GapOut> = Vec::new();
    for (check, summary) in checks.checks().iter().zip(&assessment.checks) {
        for gap in &summary.gaps {
            gaps.push(GapOut {
                kind: check.subject.kind,
                of: gap.of.as_ref().map(|of| mask(of).into_owned()),
                region: gap.region.as_ref().map(|region| mask(region).into_owned()),
                reason: reason_out(&gap.reason),
            });
        }
    }
    gaps.sort();
    gaps.dedup();
    ScopeOut {
        live: scope.live,
        label: scope.label.as_str(),
        accounts: scope.accounts.iter().map(|id| mask(id).into_owned()).collect(),
        regions: legal
            .regions
            .iter()
            .flat_map(|(context, ids)| ids.iter().map(move |id| (context, id)))
            .map(|(context, id)| RegionOut {
                id: mask(id).into_owned(),
                context: context.as_str(),
                presumed: legal.presumed.contains(id),
            })
            .collect(),
        context: sentences::region_context(legal, lang),
        kinds: scope.kinds.clone(),
        not_read: scope.not_read.iter().map(|(kind, count)| (mask(kind).into_owned(), *count)).collect(),
        evidence: scope.evidence.iter().map(|kind| sentences::source_kind(*kind, Lang::En)).collect(),
        gaps,
        attacker_controlled: &[
            "verdicts[].resource.id",
            "verdicts[].resource.name",
            "verdicts[].resource.address",
            "verdicts[].because[].value",
            "verdicts[].because[].source",
            "verdicts[].reason.detail",
            "verdicts[].source",
            "scope.not_read",
            "problems[].file",
            "problems[].message",
        ],
    }
}

fn verdict_out<'r>(review: &'r Review, check: &'r Check, verdict: Verdict<'r>) -> VerdictOut<'r> {
    let subject = verdict.subject;
    let because = match verdict.outcome {
        Outcome::NotApplicable => None,
        _ => review.because(verdict),
    };
    let mut reasons: Vec<ReasonOut> = verdict.reasons.iter().map(reason_out).collect();
    let reason = if reasons.is_empty() { None } else { Some(reasons.remove(0)) };
    if let (Some(first), false) = (&reason, reasons.is_empty()) {
        reasons.insert(0, ReasonOut { code: first.code, detail: first.detail.clone() });
    }
    let address = if subject.address.is_empty() { &subject.id } else { &subject.address };
    VerdictOut {
        check: &check.id,
        catalogue: &check.catalogue,
        verdict: verdict.outcome.as_str(),
        label: verdict.label.as_str(),
        severity: check.severity.as_str(),
        resource: ResourceOut {
            kind: subject.kind,
            id: mask(&subject.id),
            name: mask(&subject.name),
            address: mask(address),
            region: mask(&subject.region),
            account: mask(&subject.account),
        },
        because: because.map(|because| because.premises.iter().map(premise_out).collect()).unwrap_or_default(),
        reason,
        reasons,
        waiver: verdict.waiver.map(waiver_out),
        source: mask(&subject.place()).into_owned(),
    }
}

fn premise_out(premise: &Premise) -> PremiseOut {
    let (state, value) = match &premise.shown {
        Shown::Known(value) => ("known", mask(value).into_owned()),
        Shown::Absent => ("absent", String::new()),
        Shown::Unknown(reason) => ("unknown", format!("{}: {}", reason.code(), mask(&reason.detail()))),
    };
    PremiseOut {
        fact: premise.path.clone(),
        state,
        value,
        source: premise.origin.as_ref().map(|origin| mask(&origin.to_string()).into_owned()).unwrap_or_default(),
        label: premise.origin.as_ref().map_or("", |origin| origin.label.as_str()),
    }
}

fn reason_out(reason: &xiezhi_model::Reason) -> ReasonOut {
    ReasonOut { code: reason.code(), detail: mask(&reason.detail()).into_owned() }
}

fn waiver_out(waiver: &xiezhi_review::Waiver) -> WaiverOut {
    WaiverOut {
        check: waiver.check.clone(),
        resource: waiver.resource.clone(),
        reason: mask(&waiver.reason).into_owned(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.clone(),
    }
}

fn item_out(review: &Review, item: &xiezhi_review::Item, lang: Lang) -> ItemOut {
    ItemOut {
        item: item.number,
        title: answers::item(item.number, lang).to_owned(),
        state: item.state.as_str(),
        label: item.label.as_str(),
        checks: ids(review, &item.checks),
        fail: item.tally.fail,
        unknown: item.tally.unknown,
        pass: item.tally.pass,
        not_applicable: item.tally.not_applicable,
        waived: item.tally.waived,
    }
}

fn section_out(review: &Review, section: &crate::sections::Section, lang: Lang) -> SectionOut {
    SectionOut {
        section: section.number,
        id: section.id,
        title: section.title(lang).to_owned(),
        verdict: section.outcome.as_str(),
        label: section.label.as_str(),
        blockers: section.blockers.iter().filter_map(|at| finding_id(review, *at)).collect(),
        actions: section
            .actions
            .iter()
            .filter_map(|action| review.checks.checks().get(action.check).map(|check| check.id.clone()))
            .collect(),
        open_questions: section
            .open
            .iter()
            .map(|open| OpenOut {
                reason: reason_out(&open.reason),
                severity: Severity::as_str(open.severity),
                kinds: open.kinds.clone(),
                checks: ids(review, &open.checks),
                remedy: reasons::remedy(&open.reason, &crate::calls::settling(review, open), lang),
            })
            .collect(),
    }
}

fn ids(review: &Review, checks: &[usize]) -> Vec<String> {
    checks.iter().filter_map(|at| review.checks.checks().get(*at)).map(|check| check.id.clone()).collect()
}

/// How a finding is called: `check@resource`.
pub fn finding_id(review: &Review, at: usize) -> Option<String> {
    let verdict = review.assessment.verdicts.get(at)?;
    let check = review.checks.checks().get(verdict.check)?;
    Some(format!("{}@{}", check.id, mask(&verdict.subject.display())))
}
