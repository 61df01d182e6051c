/**
 * Articles named for reference, as short summaries in our own words. No verdict: which of them apply is for others to say.
 */

export interface LawArticle {
  readonly law: string;
  readonly article: string;
  readonly about: string;
}

const FUND_REGULATION = "医疗保障基金使用监督管理条例（国务院令第735号，2021年5月1日起施行）";
const DETAILED_RULES = "医疗保障基金使用监督管理条例实施细则（国家医疗保障局令第7号，2026年4月1日起施行）";

export const LAW_ARTICLES: readonly LawArticle[] = [
  {
    law: FUND_REGULATION,
    article: "第十七条",
    about:
      "参保人员持本人凭证就医购药并主动出示查验，妥善保管凭证；委托他人代购的，提供双方身份证明；不得重复享受待遇。",
  },
  { law: FUND_REGULATION, article: "第十九条", about: "不得转卖药品，不得接受返还现金、实物等。" },
  {
    law: FUND_REGULATION,
    article: "第四十条",
    about: "定点医药机构诱导、协助他人冒名就医购药等情形的处理。",
  },
  {
    law: FUND_REGULATION,
    article: "第四十一条",
    about: "个人将凭证交他人使用、重复享受待遇、转卖药品等情形的处理，包括暂停联网结算3个月至12个月。",
  },
  { law: DETAILED_RULES, article: "第二条", about: "对基金使用实行事前、事中、事后的智能监管。" },
  {
    law: "中华人民共和国社会保险法",
    article: "第八十八条",
    about: "以不正当手段取得社会保险待遇的，退回并处二倍以上五倍以下罚款的规定。",
  },
  {
    law: "法发〔2016〕22号",
    article: "第十一条至第十五条",
    about: "电子数据的冻结、提取、清单（类别、文件格式、完整性校验值）和签名。",
  },
  {
    law: "法发〔2024〕6号",
    article: "第十五条、第十八条、第十九条",
    about: "原始处方及记录的收集，行政机关所收集材料的使用，以及依据银行流水、审计和医保系统数据认定数额。",
  },
];
