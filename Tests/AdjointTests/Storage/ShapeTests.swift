import Adjoint
import Testing

@Suite("Shapes")
struct ShapeTests {
  @Test("are collections of sizes")
  func collection() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.rank == 3 && shape.elementCount == 24 && shape[1] == 3 && shape.last == 4)
    #expect(shape[-1] == 4 && shape[-3] == 2)
    #expect(Array(shape) == [2, 3, 4] && shape.description == "[2, 3, 4]")
    #expect(([] as Shape).elementCount == 1 && ([] as Shape).description == "[]")
    #expect(([3, 0] as Shape).elementCount == 0)
    #expect(Shape(1...3) == [1, 2, 3] && Shape(shape.reversed()) == [4, 3, 2])
    #expect(shape != [2, 3] && shape != [2, 3, 5] && Set([shape, [2, 3, 4]]).count == 1)
  }

  @Test("from outside may be anything: what does not fit gives nil")
  func fromOutside() {
    #expect(Shape(exactly: [2, 3]) == [2, 3])
    #expect(Shape(exactly: []) == [])
    #expect(Shape(exactly: [1, 1, 1, 1, 1, 1, 1, 1]) != nil)
    #expect(Shape(exactly: [1, 1, 1, 1, 1, 1, 1, 1, 1]) == nil)
    #expect(Shape(exactly: [2, -1]) == nil)
    #expect(Shape(exactly: [Int.max, 2]) == nil)
    #expect(Shape(exactly: [Int.min]) == nil)
    #expect(Shape(exactly: [1 << 32, 1 << 32]) == nil)
    // An empty tensor whose other sizes would overflow is refused too: strides could not be made.
    #expect(Shape(exactly: [0, Int.max, 2]) == nil)
  }
}
