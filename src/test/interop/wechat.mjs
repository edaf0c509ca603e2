// WeChat's side: what a click gives the page.
import { createCipheriv, randomBytes } from 'node:crypto'

export function encrypt (sessionKey, phone) {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv)
  const data = Buffer.concat([cipher.update(phone, 'utf8'), cipher.final()])
  return { errMsg: 'getPhoneNumber:ok', encryptedData: data.toString('base64'), iv: iv.toString('base64') }
}
