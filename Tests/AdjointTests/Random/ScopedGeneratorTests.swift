import Adjoint
import Testing

@Suite struct `The place of the scoped generator` {
  @Test func `can be read without a draw, and set back`() {
    withGenerator(seed: 7) {
      let start = Generator.scoped
      #expect(start.seed == 7 && start.position == 0)
      let first = Tensor.normal([100]).scalars
      #expect(Generator.scoped.position > 0)
      let next = Tensor.normal([100]).scalars
      Generator.scoped = start
      #expect(Tensor.normal([100]).scalars == first)
      #expect(Tensor.normal([100]).scalars == next)
    }
  }

  @Test func `is that of the innermost scope`() {
    withGenerator(seed: 1) {
      let outer = Generator.scoped
      withGenerator(seed: 2) {
        #expect(Generator.scoped.seed == 2)
        Generator.scoped = Generator(seed: 3, position: 5)
        #expect(Generator.scoped.seed == 3 && Generator.scoped.position == 5)
      }
      #expect(Generator.scoped.seed == 1 && Generator.scoped.position == outer.position)
    }
  }
}
