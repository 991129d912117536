import Adjoint
import Testing

// Outside of the exit tests, whose bodies are copied into a macro's expansion.
private func sumOfRoots(_ x: Tensor) -> Tensor {
  let y = sqrt(x)
  return (y + 2 * y).sum()
}
private let lineOfRoot = #line - 3

private func quotient(_ x: Tensor) -> Tensor {
  let y = exp(x)
  return (y / x) * 0
}
private let lineOfQuotient = #line - 2

@Suite("Anomaly detection")
struct AnomalyDetectionTests {
  private func expect(
    _ result: ExitTest.Result?, says texts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    let line = message.split(separator: "\n").first { $0.contains("Fatal error") } ?? ""
    for text in texts {
      #expect(line.contains(text), "\(line)", sourceLocation: sourceLocation)
    }
  }

  @Test("a derivative is named with its element, shape and the line of the forward call")
  func derivative() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = withAnomalyDetection {
          gradient(at: Tensor([[1, 4], [0, 9]]), sumOfRoots)
        }
      },
      says: "AnomalyDetectionTests.swift",
      "withAnomalyDetection: the derivative of sqrt gives inf at [1, 0] for its input float32 [2, 2]"
        + ", while the gradient of its result is finite; sqrt was called at "
        + "AnomalyDetectionTests.swift:\(lineOfRoot)")
  }

  @Test("operators are named with their line too")
  func operators() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        withAnomalyDetection {
          _ = quotient(Tensor([1, 0, -1]).tracked())
        }
      },
      says: "the result of /, float32 [3], has inf at [1]; / was called at "
        + "AnomalyDetectionTests.swift:\(lineOfQuotient)")
  }

  @Test("a fault that comes in with the cotangent is told from one of the derivative")
  func cotangent() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2]).tracked()
        let y = x * x
        _ = withAnomalyDetection {
          gradients(of: y, withRespectTo: [x], cotangent: Tensor([.nan, 1]))
        }
      },
      says: "the derivative of * gives nan at [0] for its input float32 [2]; the gradient of its "
        + "result has nan at [0] already, from the cotangent or from a sum; * was called from an "
        + "unknown line")
  }

  @Test("infinities are let through where they are wanted, NaN is not")
  func infinities() async {
    let x = Tensor([1, 2]).tracked()
    let y = withAnomalyDetection(allowingInfinity: true) {
      softmax(x + Tensor([0, -.infinity]))
    }
    expectClose(y.detached, Tensor([1.0, 0]))
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Tensor([1, 2]).tracked()
        _ = withAnomalyDetection(allowingInfinity: true) {
          softmax(x + Tensor([-.infinity, -.infinity]))
        }
      }, says: "the result of softmax, float32 [2], has nan at [0]")
  }

  @Test("what is sound passes and has the same bits; outside a scope nobody looks")
  func passes() {
    func compute() -> Tensor {
      gradient(at: Tensor.linspace(0.1, 2, count: 1000)) { (log($0) * sin($0)).sum() }
    }
    expectIdentical(withAnomalyDetection { compute() }, compute())
    let poles = gradient(at: Tensor([0.0])) { sqrt($0).sum() }
    #expect(poles.scalar == .infinity)
    _ = withAnomalyDetection { 1 / Tensor([0.0]) }  // a constant is not recorded
  }
}
