//! The twelve items and the nine questions in words.

use xiezhi_review::{Answer, Area, Item, Point, PointText, questions};

use crate::words::{Lang, Phrase, fill, phrases};

phrases! {
    ITEM_1: "Root has MFA and no usable AccessKey", "主账号启用 MFA，AccessKey 已删除或禁用";
    ITEM_2: "Workloads use instance roles; no AccessKey is embedded", "工作负载使用实例 RAM 角色，未内嵌 AccessKey";
    ITEM_3: "RAM users are individual; console access requires MFA", "RAM 用户一人一号，控制台登录需 MFA";
    ITEM_4: "No management port is open to the internet", "管理端口未对互联网开放";
    ITEM_5: "KMS keys encrypt disks and buckets with regulated data", "KMS 密钥加密含受监管数据的云盘与存储空间";
    ITEM_6: "ActionTrail covers all regions into a protected bucket", "操作审计覆盖全部地域并投递到受保护的存储空间";
    ITEM_7: "Security Center is on and the baseline passes", "云安全中心已开启，基线检查通过";
    ITEM_8: "WAF stands before every internet-facing application", "面向互联网的应用均由 WAF 防护";
    ITEM_9: "Anti-DDoS Pro protects public addresses", "公网地址由 DDoS 高防防护";
    ITEM_10: "The MLPS level is recorded and its controls are in place", "等保定级已备案，相应控制已落实";
    ITEM_11: "Data is classified; transfers have a legal basis", "数据已分类分级，出境有合法性基础";
    ITEM_12: "OSS public read is blocked; policies admit named identities", "OSS 账号级阻止公共读，策略只授权具名身份";
    UNSEEN: "Nobody looked at {kinds}, so this cannot be told.", "未查看 {kinds}，因此无法判定。";
    PARTIAL: "Not every region or page was looked at.", "并非所有地域或分页都已查看。";
}

const ITEMS: [&Phrase; 12] =
    [&ITEM_1, &ITEM_2, &ITEM_3, &ITEM_4, &ITEM_5, &ITEM_6, &ITEM_7, &ITEM_8, &ITEM_9, &ITEM_10, &ITEM_11, &ITEM_12];

/// The short title of a checklist item, 1 to 12.
pub fn item(number: u8, lang: Lang) -> &'static str {
    ITEMS.get(usize::from(number).saturating_sub(1)).map_or("", |phrase| phrase.plain(lang))
}

/// The question, as asked.
pub fn question(answer: &Answer, lang: Lang) -> &'static str {
    asked(answer).map_or("", |question| lang.pick(&question.en, &question.zh))
}

fn asked(answer: &Answer) -> Option<&'static xiezhi_review::Question> {
    questions().iter().find(|question| question.number == answer.number)
}

/// The answer in sentences.
pub fn sentences(answer: &Answer, lang: Lang) -> String {
    let Some(question) = asked(answer) else { return String::new() };
    // What nobody looked at is said in one sentence.
    let (mut said, mut unseen) = (Vec::new(), Vec::new());
    for point in &answer.points {
        let Some(text) = question.point.get(point.point) else { continue };
        if text.yes_en.is_empty() && point.all == 0 && !point.complete {
            let kind = format!("`{}`", text.subject);
            if !unseen.contains(&kind) {
                unseen.push(kind);
            }
        } else {
            said.push(sentence(point, text, lang));
        }
    }
    if !unseen.is_empty() {
        said.push(UNSEEN.say(lang, &[("kinds", &unseen.join(lang.pick(", ", "、")))]));
    }
    said.join(lang.pick(" ", ""))
}

fn sentence(point: &Point, text: &PointText, lang: Lang) -> String {
    if !text.yes_en.is_empty() {
        let said = match (point.yes, point.no, point.unknown) {
            (_, 1.., _) => lang.pick(&text.no_en, &text.no_zh),
            (1.., 0, 0) => lang.pick(&text.yes_en, &text.yes_zh),
            _ => lang.pick(&text.unknown_en, &text.unknown_zh),
        };
        return said.to_owned();
    }
    if point.all == 0 {
        return lang.pick(&text.none_en, &text.none_zh).to_owned();
    }
    let numbers = [
        ("all", point.all.to_string()),
        ("yes", point.yes.to_string()),
        ("no", point.no.to_string()),
        ("unknown", point.unknown.to_string()),
    ];
    let values: Vec<(&str, &str)> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut said = fill(lang.pick(&text.en, &text.zh), &values);
    if !point.complete {
        said.push_str(lang.pick(" ", ""));
        said.push_str(PARTIAL.plain(lang));
    }
    said
}

/// The area that a question belongs to.
pub(crate) fn area_of_question(answer: &Answer) -> Option<Area> {
    match asked(answer)?.area.as_str() {
        "identity" => Some(Area::Identity),
        "network" => Some(Area::Network),
        "data" => Some(Area::Data),
        "detection" => Some(Area::Detection),
        "compliance" => Some(Area::Compliance),
        "web" => Some(Area::Web),
        _ => None,
    }
}

/// The area that a checklist item belongs to. Source: reference review, section C.
pub(crate) fn area_of_item(item: &Item) -> Area {
    xiezhi_review::area_of_item(item.number)
}
