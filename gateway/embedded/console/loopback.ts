/**
 * Loaded before the console's server, which listens on every address of the machine: here it listens on loopback, on any
 * free port, tells its parent which, and ends with it.
 */
import { Server, type AddressInfo } from 'node:net'

type Listen = (address: object, done: (() => void) | undefined) => Server
const listen = Reflect.get(Server.prototype, 'listen') as Listen

Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  const done = args.find((arg) => typeof arg === 'function') as (() => void) | undefined
  this.once('listening', () => process.send?.({ port: (this.address() as AddressInfo).port }))
  return listen.call(this, { host: '127.0.0.1', port: 0 }, done)
}

process.once('disconnect', () => process.exit())
