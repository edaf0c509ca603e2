// Plays the people of a script, FILE: WeChat's side is here, the backend's is publish.mjs.
import { createCipheriv, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { click, close, login } from './publish.mjs'

function encrypt (sessionKey, phone) {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv)
  const data = Buffer.concat([cipher.update(phone, 'utf8'), cipher.final()])
  return { errMsg: 'getPhoneNumber:ok', encryptedData: data.toString('base64'), iv: iv.toString('base64') }
}

const scenes = {
  login: (appid, openid, sessionKey) => login(appid, { openid, session_key: sessionKey }),
  click: (openid, sessionKey, phone, id) => click(openid, encrypt(sessionKey, phone), id)
}
for (const line of readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
  const [scene, ...words] = line.split('\t')
  await scenes[scene](...words)
}
await close()
