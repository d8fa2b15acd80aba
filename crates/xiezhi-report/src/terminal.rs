//! The first screen: verdict, what blocks, what cannot be told, what to do next, the twelve items.

use anstyle::{AnsiColor, Style};
use xiezhi_model::ProblemKind;
use xiezhi_review::{ItemState, Review, Severity};

use crate::safe::visible;
use crate::sections::severity_of;
use crate::words::{Lang, phrases};
use crate::{answers, calls, findings, problems, reasons, sentences};

phrases! {
    EVIDENCE: "Evidence label: {label}.", "证据标签：{label}。";
    BLOCKERS: "Blockers", "阻断项";
    NO_BLOCKERS: "no critical or high defect is proven", "未证实严重或高危缺陷";
    MORE: "and {n} more of critical or high severity (`--full` lists them)", "另有 {n} 项严重或高危缺陷（`--full` 列出全部）";
    CANNOT_TELL: "Cannot tell", "无法判定";
    OPEN_CRITICAL: "{about}; critical until proven otherwise", "{about}；证明安全之前按严重处理";
    ABOUT: "{n} checks; {kinds}", "{n} 项检查；{kinds}";
    ABOUT_ONE: "1 check; {kinds}", "1 项检查；{kinds}";
    REASON: "{reason} ({about})", "{reason}（{about}）";
    TO_SETTLE: "to settle it: {remedy}", "如何解决：{remedy}";
    MORE_OPEN: "and {n} more reasons", "另有 {n} 类原因";
    NEXT: "Next safe actions", "后续安全动作";
    MORE_ACTIONS: "and {n} more", "另有 {n} 项";
    CHECKLIST: "Checklist", "检查清单";
    TALLY: "({fail} failed, {unknown} undecided, {pass} passed)", "（{fail} 不符合，{unknown} 未决，{pass} 符合）";
    NO_CHECK: "(nothing in the evidence speaks of it)", "（证据未涉及）";
    PROBLEMS: "Not read", "未能读取";
    FOUND: "Found and not used", "已发现但不生效";
    POLICIES: "Policies that are wrong in themselves (`xiezhi ask lint` says more)", "本身有错误的策略（`xiezhi ask lint` 给出更多说明）";
    STALE: "Waivers that matched nothing or have expired", "未匹配或已过期的豁免";
    HINT: "`xiezhi explain <check>` explains a check; `--full` gives the eight sections, `--format json` everything.", "`xiezhi explain <检查>` 解释检查；`--full` 给出八个部分，`--format json` 给出全部内容。";
}

/// How many entries of each list the screen shows.
const BLOCKERS_SHOWN: usize = 8;
const OPEN_SHOWN: usize = 5;
const ACTIONS_SHOWN: usize = 6;

/// The first screen, with ANSI colours; whoever prints it takes them out where they are not wanted.
pub fn screen(review: &Review, lang: Lang) -> String {
    let mut page = Page { lang, out: String::new() };
    page.heading(review);
    page.blockers(review);
    page.open(review);
    page.actions(review);
    page.items(review);
    page.problems(review);
    page.line(HINT.plain(lang));
    page.out
}

struct Page {
    lang: Lang,
    out: String,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))).bold();
const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const GREEN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn title(&mut self, text: &str) {
        self.out.push('\n');
        self.line(&styled(BOLD, text));
    }

    fn heading(&mut self, review: &Review) {
        let summary = review.summary();
        let grave = summary.critical > 0 || summary.high > 0;
        let style = if grave {
            RED
        } else if summary.undecided > 0 {
            YELLOW
        } else {
            BOLD
        };
        self.line(&styled(style, &sentences::headline(review, self.lang)));
        let scope = &review.assessment.scope;
        self.line(&EVIDENCE.say(self.lang, &[("label", sentences::label(scope.label, self.lang))]));
        self.line(&sentences::looked_at(review, self.lang));
        if let Some(text) = sentences::not_read(&scope.not_read, self.lang) {
            self.line(&text);
        }
        self.line(sentences::liveness(review, self.lang));
        self.line(&sentences::region_context(&scope.legal, self.lang));
    }

    fn blockers(&mut self, review: &Review) {
        self.title(BLOCKERS.plain(self.lang));
        let grave: Vec<usize> =
            review.findings().into_iter().filter(|at| severity_of(review, *at) >= Some(Severity::High)).collect();
        if grave.is_empty() {
            self.line(&format!("  {}", NO_BLOCKERS.plain(self.lang)));
            return;
        }
        // One entry per check: the first resource with its proof, the others by name.
        let mut shown = 0_usize;
        for group in findings::by_check(review, &grave).into_iter().take(BLOCKERS_SHOWN) {
            shown = shown.saturating_add(group.len());
            let Some((check, verdict)) = group.first().and_then(|first| findings::at(review, *first)) else { continue };
            let severity = sentences::severity(check.severity, self.lang);
            let mark = styled(RED, severity);
            let pad = padding(severity, 8);
            self.line(&format!("  {mark}{pad} {}", findings::title(check, verdict, self.lang)));
            if let Some(proof) = findings::proof(review, verdict, 3, self.lang) {
                self.line(&format!("           {}", styled(DIM, &proof)));
            }
            if let Some(also) = findings::others(review, group, self.lang) {
                self.line(&format!("           {}", styled(DIM, &also)));
            }
        }
        let more = grave.len().saturating_sub(shown);
        if more > 0 {
            self.line(&format!("  {}", styled(DIM, &MORE.say(self.lang, &[("n", &more.to_string())]))));
        }
    }

    fn open(&mut self, review: &Review) {
        let open = &review.assessment.open;
        if open.is_empty() {
            return;
        }
        self.title(CANNOT_TELL.plain(self.lang));
        for question in open.iter().take(OPEN_SHOWN) {
            let count = question.checks.len();
            let phrase = if count == 1 { &ABOUT_ONE } else { &ABOUT };
            let kinds = shorten(&question.kinds, 4);
            let mut about = phrase.say(self.lang, &[("n", &count.to_string()), ("kinds", &kinds)]);
            if question.severity == Severity::Critical {
                about = OPEN_CRITICAL.say(self.lang, &[("about", &about)]);
            }
            let reason = reasons::sentence(&question.reason, self.lang);
            let line = REASON.say(self.lang, &[("reason", &reason), ("about", &about)]);
            self.line(&format!("  {} {line}", styled(YELLOW, "?")));
            let remedy = reasons::remedy(&question.reason, &calls::settling(review, question), self.lang);
            self.line(&format!("    {}", styled(DIM, &TO_SETTLE.say(self.lang, &[("remedy", &remedy)]))));
        }
        let more = open.len().saturating_sub(OPEN_SHOWN);
        if more > 0 {
            self.line(&format!("  {}", styled(DIM, &MORE_OPEN.say(self.lang, &[("n", &more.to_string())]))));
        }
    }

    fn actions(&mut self, review: &Review) {
        let actions = &review.assessment.actions;
        if actions.is_empty() {
            return;
        }
        self.title(NEXT.plain(self.lang));
        let mut phase = None;
        for (number, action) in (1_usize..).zip(actions.iter().take(ACTIONS_SHOWN)) {
            let Some(check) = review.checks.checks().get(action.check) else { continue };
            if phase != Some(action.phase) {
                phase = Some(action.phase);
                self.line(&format!("  {}", styled(DIM, sentences::phase(action.phase, self.lang))));
            }
            let names = findings::names(review, &action.verdicts, 3);
            let fix = first_paragraph(self.lang.pick(&check.fix.en, &check.fix.zh));
            self.line(&format!("  {number}. {fix}"));
            self.line(&format!("     {}", styled(DIM, &format!("{} · {names}", check.id))));
        }
        let more = actions.len().saturating_sub(ACTIONS_SHOWN);
        if more > 0 {
            self.line(&format!("  {}", styled(DIM, &MORE_ACTIONS.say(self.lang, &[("n", &more.to_string())]))));
        }
    }

    fn items(&mut self, review: &Review) {
        self.title(CHECKLIST.plain(self.lang));
        for item in &review.assessment.items {
            let style = match item.state {
                ItemState::Met => GREEN,
                ItemState::NotMet => RED,
                ItemState::CannotTell => YELLOW,
            };
            let state = sentences::item_state(item.state, self.lang);
            let pad = padding(state, 12);
            let numbers = [
                ("fail", item.tally.fail.to_string()),
                ("unknown", item.tally.unknown.to_string()),
                ("pass", item.tally.pass.to_string()),
            ];
            let values: Vec<(&str, &str)> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let seen = item.tally.fail.saturating_add(item.tally.unknown).saturating_add(item.tally.pass);
            let tally = if seen == 0 { NO_CHECK.plain(self.lang).to_owned() } else { TALLY.say(self.lang, &values) };
            let title = answers::item(item.number, self.lang);
            let line = format!("  {:>2} {}{pad} {title} {}", item.number, styled(style, state), styled(DIM, &tally));
            self.line(&line);
        }
        self.out.push('\n');
    }

    fn problems(&mut self, review: &Review) {
        let (notices, problems): (Vec<_>, Vec<_>) =
            review.assessment.problems.iter().partition(|problem| problem.kind.is_notice());
        let (policies, notices): (Vec<_>, Vec<_>) =
            notices.into_iter().partition(|problem| matches!(problem.kind, ProblemKind::Policy(_)));
        for (title, list) in [(&PROBLEMS, problems), (&POLICIES, policies), (&FOUND, notices)] {
            if !list.is_empty() {
                self.line(&styled(BOLD, title.plain(self.lang)));
                for problem in list.iter().take(20) {
                    self.line(&format!("  {}", problems::sentence(problem, self.lang)));
                }
                if list.len() > 20 {
                    let more = list.len().saturating_sub(20).to_string();
                    self.line(&format!("  {}", MORE_ACTIONS.say(self.lang, &[("n", &more)])));
                }
                self.out.push('\n');
            }
        }
        if !review.assessment.stale_waivers.is_empty() {
            self.line(&styled(BOLD, STALE.plain(self.lang)));
            for waiver in &review.assessment.stale_waivers {
                self.line(&format!("  {} {} ({})", visible(&waiver.check), visible(&waiver.resource), waiver.expires));
            }
            self.out.push('\n');
        }
    }
}

/// The spaces that bring a word to a width in columns; a Chinese character takes two.
fn padding(word: &str, width: usize) -> String {
    let columns = word.chars().fold(0_usize, |sum, c| sum.saturating_add(if c.is_ascii() { 1 } else { 2 }));
    " ".repeat(width.saturating_sub(columns))
}

/// The first few of a list of kinds.
fn shorten(kinds: &[&'static str], most: usize) -> String {
    let mut text = kinds.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    if kinds.len() > most {
        text.push_str(", …");
    }
    text
}

/// The first paragraph of a Markdown text, in one line.
pub(crate) fn first_paragraph(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    paragraph.split('\n').map(str::trim).collect::<Vec<_>>().join(" ").trim_start_matches("- ").to_owned()
}
