// Feeds one reader with libFuzzer's inputs: ADJOINT_FUZZ_READER=idx fuzz CORPUS -max_total_time=600
import CFuzzer
import Foundation

_ = chosenReader  // a wrong name is reported before libFuzzer starts

var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&argumentCount, &arguments) { data, size in
    chosenReader.feed(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
  })
