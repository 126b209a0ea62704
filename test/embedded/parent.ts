/** A process that holds a plane in the folder given, says its kubeconfig's path, and waits to be killed. */
import { startTestPlane } from '../env/plane.ts'

const dataDir = process.argv[2]
const plane = await startTestPlane(dataDir ? { dataDir } : {})
console.log(plane.kubeconfigPath)
setInterval(() => undefined, 60_000)
