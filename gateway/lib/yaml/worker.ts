/** The thread that reads YAML: one text at a time, each answered by one message. */
import { parentPort } from 'node:worker_threads'
import { parseDocuments, YamlError } from './parse.ts'
import type { YamlAnswer, YamlQuestion } from './reader.ts'

if (!parentPort) throw new Error('this file is the start of a worker thread')
const port = parentPort

function answer({ text, options }: YamlQuestion): YamlAnswer {
  try {
    return { documents: parseDocuments(text, options) }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    return { document: error.document, message: error.message }
  }
}

port.on('message', (question: YamlQuestion) => port.postMessage(answer(question)))
port.postMessage('ready')
