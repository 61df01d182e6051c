/** What the pages before a session, and those about accounts, say. */

import type { ConsoleAccessProblemCode } from "../../../../../schemas/http/console-access-problem.js";
import type { SignInRefused } from "../../../../../schemas/http/console-access-routes.js";
import type { Words } from "../../words/words.js";

const zh = {
  title: "登录卡盾工作台",
  name: "账号",
  password: "密码",
  signIn: "登录",
  elsewhere: "用单位统一身份登录",
  or: "或",
  nameMissing: "请输入账号",
  passwordMissing: "请输入密码",
  firstRun: "还没有人设置过密码",
  firstRunText:
    "首次启动时，终端里打印了一个一次性链接；用它设置管理员密码。链接丢失时运行 kadun accounts link NAME。",
  welcome: "设置密码",
  welcomeText: "您好，{name}。请设置登录密码；此链接只能使用一次，{at} 前有效。",
  newPassword: "新密码",
  again: "再输入一次",
  againMissing: "两次输入不一致",
  hint: "至少 12 个字符，不含账号名，也不是常见密码。几个不相干的词容易记住。",
  save: "设置并登录",
  linkMissing: "这个地址不完整",
  linkMissingText: "请打开收到的完整链接；链接已失效时，请管理员重新生成。",
  toSignIn: "去登录",
};
const en: typeof zh = {
  title: "Sign in to Kadun",
  name: "Name",
  password: "Password",
  signIn: "Sign in",
  elsewhere: "Sign in with the organisation's identity",
  or: "or",
  nameMissing: "Type your name",
  passwordMissing: "Type your password",
  firstRun: "Nobody has a password yet",
  firstRunText:
    "The first start printed a one-time link: it lets the administrator choose a password. Where it is lost, run kadun accounts link NAME.",
  welcome: "Choose a password",
  welcomeText: "Hello, {name}. Choose a password; this link works once, until {at}.",
  newPassword: "New password",
  again: "Once more",
  againMissing: "The two are not the same",
  hint: "At least 12 characters, without the name, not a common one. Several words are easy to remember.",
  save: "Set and sign in",
  linkMissing: "This address is not whole",
  linkMissingText:
    "Open the whole link that you were sent; where it has expired, an administrator makes a new one.",
  toSignIn: "To the sign-in",
};
export const accessWords: Words<keyof typeof zh> = { zh, en };

/** Of what can be done about; the others are told as the office says them. */
type ToldCode = Extract<
  ConsoleAccessProblemCode,
  | "SIGN_IN_FAILED"
  | "TRIES_EXCEEDED"
  | "BUSY"
  | "LINK_INVALID"
  | "PASSWORD_WEAK"
  | "PASSWORD_WRONG"
  | "CSRF"
  | "CONFLICT"
  | "ACCOUNT_EXISTS"
  | "NAME_INVALID"
  | "SCOPE_UNKNOWN"
  | "LAST_ADMINISTRATOR"
  | "SUBJECT_TAKEN"
  | "STORE_AWAY"
>;
export const refusedWords: Words<ToldCode> = {
  zh: {
    SIGN_IN_FAILED: "账号或密码不正确。",
    TRIES_EXCEEDED: "错误次数过多，请在 {seconds} 秒后再试；已登录的会话不受影响。",
    BUSY: "登录的人太多，请稍后再试。",
    LINK_INVALID: "链接已使用、已被替换或已过期，请管理员重新生成。",
    PASSWORD_WEAK: "密码太容易被猜到：至少 12 个字符，不含账号名，也不是常见密码。",
    PASSWORD_WRONG: "当前密码不正确。",
    CSRF: "请求不是从本页发出的，请刷新后重试。",
    CONFLICT: "账号刚被别人修改，请刷新后重做。",
    ACCOUNT_EXISTS: "这个名字已有账号。",
    NAME_INVALID: "名字不可用：1 至 32 个字母、汉字或数字，可含 . _ -，不含空格。",
    SCOPE_UNKNOWN: "统筹区不存在，或不在您负责的范围内。",
    LAST_ADMINISTRATOR: "至少要保留一名负责全国的系统管理员。",
    SUBJECT_TAKEN: "这个统一身份已属于另一个账号。",
    STORE_AWAY: "数据库暂时没有应答，请稍后再试。",
  },
  en: {
    SIGN_IN_FAILED: "Name or password is wrong.",
    TRIES_EXCEEDED: "Too many wrong tries: wait {seconds} seconds. Open sessions go on.",
    BUSY: "Too many people sign in at once; try again.",
    LINK_INVALID: "The link was used, replaced or has expired; an administrator makes a new one.",
    PASSWORD_WEAK: "Too easy to guess: at least 12 characters, without the name, not a common one.",
    PASSWORD_WRONG: "The current password is wrong.",
    CSRF: "The request did not come from this page; load it again.",
    CONFLICT: "Somebody else has changed the account; load it again.",
    ACCOUNT_EXISTS: "There is an account of this name.",
    NAME_INVALID: "No name: 1 to 32 letters or digits, with . _ - between them, no spaces.",
    SCOPE_UNKNOWN: "There is no such region, or it is not one of yours.",
    LAST_ADMINISTRATOR: "An administrator of the whole nation has to stay.",
    SUBJECT_TAKEN: "Another account has this identity.",
    STORE_AWAY: "The database does not answer; try again later.",
  },
};

export const signInRefusedWords: Words<SignInRefused> = {
  zh: {
    "no-account": "统一身份已确认，但这里没有对应的账号。请管理员为您建立账号。",
    "away-too-long": "离开的时间太长，或登录不是从这里开始的，请重新登录。",
    provider: "统一身份服务没有给出可用的应答，请稍后再试。",
    failed: "登录没有完成，服务端日志里有原因。",
  },
  en: {
    "no-account": "You are known there, but have no account here. An administrator makes one.",
    "away-too-long": "You were away too long, or did not begin here. Sign in again.",
    provider: "The identity provider gave no usable answer; try again later.",
    failed: "The sign-in was not completed; the server's log has the reason.",
  },
};
