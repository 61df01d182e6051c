/** The holder of a story's card, as he uses the pages on his telephone. */

import { setTimeout as wait } from "node:timers/promises";
import type { Contact } from "../../../schemas/contact.js";
import { OperatingError } from "../../exit-status.js";
import type { Phone } from "./phone.js";
import { caseCodeIn, oneTimeCodeIn, type ReceivedSms, type ReceivedSmsBox } from "./received-sms.js";

const LOOK_EVERY_MS = 200;
const LOOKS_MAX = 300;

const STATEMENT =
  "卡在菜市场不见的，当时以为放在家里，没有挂失。这几笔发生的时候我在杭州，没有去过宣城，也没有把卡和密码给过别人。收到短信才知道卡被人用了，已经报警。";

export class StoryHolder {
  constructor(
    private readonly phone: Phone,
    private readonly contact: Contact,
    private readonly box: ReceivedSmsBox,
  ) {}

  /** With the case's code, the last four of the ID number and the code that comes by SMS. */
  async enter(told: ReceivedSms): Promise<void> {
    const { phone } = this;
    await phone.go("/");
    await phone.type("短信里的编号", caseCodeIn(told));
    await phone.type("身份证号码最后四位", this.contact.idNumberLast4);
    await phone.keep("enter");
    await phone.press("下一步");
    await phone.type("短信验证码", oneTimeCodeIn(await this.box.next("login-code")));
    await phone.keep("one-time-code");
    await phone.press("进入");
    await phone.keep("case");
  }

  /** Says of each swipe that it was somebody else's, then reports the loss. @returns what the page says of it. */
  async reportNotMine(): Promise<string> {
    const { phone } = this;
    while (await phone.has("不是我")) {
      await phone.press("不是我");
      if (!(await phone.has("确认挂失")))
        throw new OperatingError("after 'not mine' no report of the loss is offered");
      await phone.go("/case");
    }
    await phone.keep("answered");
    await phone.press("挂失这张卡");
    await phone.keep("report-loss");
    await phone.press("确认挂失");
    await phone.keep("loss-reported");
    return phone.text();
  }

  /** Until the judge has the report. @throws OperatingError. */
  async cardBlocked(): Promise<void> {
    const { phone } = this;
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      await phone.go("/cards");
      if ((await phone.text()).includes("已挂失，不能使用")) {
        await phone.keep("card-blocked");
        return;
      }
      await wait(LOOK_EVERY_MS);
    }
    throw new OperatingError(`the report of the loss did not take effect: ${await phone.text()}`);
  }

  /** With the police's receipt. @returns the appeal's page as text. */
  async appeal(): Promise<string> {
    const { phone } = this;
    await phone.go("/appeals");
    await phone.press("开始填写");
    await phone.press("哪几笔不是您刷的");
    await phone.keep("appeal-swipes");
    await phone.press("保存");
    await phone.press("说明经过");
    await phone.type("请用自己的话说明", STATEMENT);
    await phone.press("保存");
    await phone.press("上传材料");
    await phone.choose("这是什么材料", "police-receipt");
    await phone.attach("选择文件或拍照", {
      name: "报警回执.png",
      mimeType: "image/png",
      buffer: await phone.picture(RECEIPT),
    });
    await phone.press("上传");
    await phone.keep("appeal-documents");
    await phone.press("好了，返回");
    await phone.press("核对并提交");
    await phone.keep("appeal-check");
    await phone.press("提交申诉");
    await phone.keep("appeal-submitted");
    return phone.text();
  }

  /** @returns what the page says of the decision. */
  async readDecision(): Promise<string> {
    const { phone } = this;
    await phone.go("/appeals");
    await phone.press("看进展");
    await phone.keep("appeal-decided");
    return phone.text();
  }
}

/** A sheet as the police give one; it says that it is none. */
const RECEIPT = `<!doctype html><meta charset="utf-8"><body style="margin:0;padding:40px;width:520px;font:20px/1.8 sans-serif">
<h1 style="text-align:center;font-size:28px">接报案回执（样张）</h1>
<p>报案人：王某　　　联系电话：154****1957</p>
<p>报案内容：称其医保卡遗失后在外地被他人使用。</p>
<p>编号：样张 0000001</p><p style="text-align:right">（此件为演示用样张，不是公安机关文书）</p></body>`;
