// Plays the people of a script, FILE: WeChat's side is wechat.mjs, the backend's is publish.mjs.
import { readFileSync } from 'node:fs'
import { click, close, login } from './publish.mjs'
import { encrypt } from './wechat.mjs'

const scenes = {
  login: (appid, openid, sessionKey) => login(appid, { openid, session_key: sessionKey }),
  click: (openid, sessionKey, phone, id) => click(openid, encrypt(sessionKey, phone), id)
}
for (const line of readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
  const [scene, ...words] = line.split('\t')
  await scenes[scene](...words)
}
await close()
