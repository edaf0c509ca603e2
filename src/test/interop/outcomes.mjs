// Prints the outcomes of three clicks: one that is right, one that the user denies, and one whose
// login comes late.
import { randomBytes } from 'node:crypto'
import { leave, outcome } from './outcome.mjs'
import { close, login } from './publish.mjs'
import { encrypt } from './wechat.mjs'

const appid = 'wx4f4bc4dec97d474b'
const phone = JSON.stringify({
  phoneNumber: '13580006666',
  purePhoneNumber: '13580006666',
  countryCode: '86',
  watermark: { timestamp: Math.floor(Date.now() / 1000), appid }
})
const key = () => randomBytes(16).toString('base64')
const [soon, late] = [key(), key()]

await login(appid, { openid: 'o-soon', session_key: soon })
const waiting = outcome('o-late', encrypt(late, phone))
console.log(await outcome('o-soon', encrypt(soon, phone)))
console.log(await outcome('o-denies', { errMsg: 'getPhoneNumber:fail user deny' }))
await login(appid, { openid: 'o-late', session_key: late })
console.log(await waiting)
await leave()
await close()
